// What wrangler runs before it bundles the Worker (wrangler.toml, build): the parts that send and read mails, without lists that
// are a fifteenth of the Worker. Nothing here sends files or names a mail provider by what it is known as; and of the names that
// HTML has for characters, those stay that mails are written with: of letters, punctuation, currencies and arrows.
import { build } from 'esbuild'
import { readFileSync } from 'node:fs'
import { inRoot } from './lib/paths.mjs'

/** From and to which characters names stay: Latin, Greek, and from punctuation to arrows. */
const namedRanges = [
  [0x00, 0x17f],
  [0x391, 0x3d6],
  [0x2002, 0x21ff],
]

/** @param {string} text */
const isNamed = (text) => {
  const point = text.codePointAt(0) ?? -1
  return [...text].length === 1 && namedRanges.some(([from = 0, to = 0]) => from <= point && point <= to)
}

/** What stands in the place of each list. @type {Record<string, (path: string) => string>} */
const lists = {
  'mime-funcs/mime-types.js': () =>
    "export const detectMimeType = () => 'application/octet-stream'; export const detectExtension = () => 'bin'",
  'well-known/services.js': () => 'export const services = {}',
  'postal-mime/dist/esm/html-entities.js': (path) => {
    const names = [...readFileSync(path, 'utf8').matchAll(/^\s*'(&\w+;?)': '((?:[^'\\]|\\.)*)'/gm)].flatMap(
      ([, name = '', written = '']) => {
        const text = written.replaceAll(/\\u\{?([\da-f]+)\}?/gi, (_, hex) =>
          String.fromCodePoint(Number.parseInt(hex, 16)),
        )
        return isNamed(text) ? [[name, text]] : []
      },
    )
    if (names.length < 253) throw new Error('postal-mime writes its names of characters otherwise now.')
    return `export const htmlEntities = ${JSON.stringify(Object.fromEntries(names))}`
  },
}

await build({
  entryPoints: {
    'mail-composer': 'nodemailer/lib/mail-composer',
    'smtp-transport': 'nodemailer/lib/smtp-transport',
    'postal-mime': 'postal-mime',
  },
  outdir: inRoot('dist', 'mail'),
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  mainFields: ['module', 'main'],
  logLevel: 'warning',
  plugins: [
    {
      name: 'without lists',
      setup: ({ onLoad, onEnd }) => {
        const left = new Set(Object.keys(lists))
        onLoad({ filter: /(?:nodemailer|postal-mime).+\.js$/ }, ({ path }) => {
          const found = Object.entries(lists).find(([end]) => path.replaceAll('\\', '/').endsWith(end))
          if (found === undefined) return undefined
          const [end, shortened] = found
          left.delete(end)
          return { contents: shortened(path), loader: 'js' }
        })
        onEnd(() => {
          if (left.size > 0) throw new Error(`There is no ${[...left].join(' and no ')} any more.`)
        })
      },
    },
  ],
})
