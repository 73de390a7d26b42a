import { readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { defineConfig, type EnvironmentOptions, type Plugin } from 'vite'
import solid from 'vite-plugin-solid'

// Two builds, not one with two inputs: shared chunks would cost the portal requests and bytes it never needs.
const bundle = (page: string): EnvironmentOptions => ({
  consumer: 'client',
  build: {
    outDir: '../dist/web',
    emptyOutDir: false,
    assetsDir: 'assets',
    assetsInlineLimit: 0,
    cssMinify: 'lightningcss',
    // The Worker names in the page what is fetched ahead (see below): Vite's own way would cost the sign-in page its helper.
    modulePreload: false,
    rolldownOptions: {
      input: page,
      output: {
        // One file for each moment in which more is needed, whoever else shares a part of it.
        codeSplitting: {
          groups: [
            { name: 'start', tags: ['$initial'], priority: 1 },
            { name: 'app', test: /[\\/]app\.tsx$/ },
            { name: 'pages', test: /[\\/]pages\.ts$/ },
          ],
        },
      },
    },
  },
})

export default defineConfig({
  root: import.meta.dirname,
  base: '/',
  publicDir: 'public',
  plugins: [solid(), nameApp()],
  build: { target: ['chrome125', 'safari18', 'firefox128'] },
  environments: { portal: bundle('portal.html'), admin: bundle('admin.html') },
  builder: {
    async buildApp(builder) {
      const startedAt = Date.now()
      for (const name of ['portal', 'admin']) {
        const environment = builder.environments[name]
        if (environment) await builder.build(environment)
      }
      await removeOlderThan(startedAt, join(import.meta.dirname, '../dist/web/assets'))
    },
  },
})

/**
 * Names in the page the files that somebody signed in needs beyond those of the sign-in page, and those of the pages that
 * come later, so that the Worker can have them fetched: the first with the first byte, the others when there is time.
 */
function nameApp(): Plugin {
  return {
    name: 'name-app',
    transformIndexHtml: {
      order: 'post',
      handler: (html, { bundle = {} }) => {
        const chunks = Object.values(bundle).filter((file) => file.type === 'chunk')
        const of = (module: string) => chunks.find((chunk) => chunk.moduleIds.some((id) => id.endsWith(module)))
        const needed = (file: string): string[] => {
          const chunk = chunks.find(({ fileName }) => fileName === file)
          return chunk === undefined ? [] : [file, ...chunk.imports.flatMap(needed)]
        }
        const [entry, app, later] = [chunks.find((chunk) => chunk.isEntry), of('/app.tsx'), of('/pages.ts')]
        if (entry === undefined || app === undefined) throw new Error('The build has no entry, or no app.')
        const withStyles = (files: string[]): string[] => {
          const of = chunks.filter(({ fileName }) => files.includes(fileName))
          return [...files, ...of.flatMap(({ viteMetadata }) => [...(viteMetadata?.importedCss ?? [])])]
        }
        const named = new Set(needed(entry.fileName))
        const lines = Object.entries({ app, later }).flatMap(([name, chunk]) => {
          const files = chunk === undefined ? [] : withStyles(needed(chunk.fileName).filter((file) => !named.has(file)))
          for (const file of files) named.add(file)
          return files.length === 0 ? [] : [`<!--${name} ${files.map((file) => `/${file}`).join(' ')}-->`]
        })
        // Last, so that styles stand in the same order however they came: those of the sign-in page first.
        return html.replace('</head>', ['  ' + lines.join('\n    '), '</head>'].join('\n  '))
      },
    },
  }
}

// What an earlier build left behind goes last, so that a running server never misses a file it still names.
async function removeOlderThan(moment: number, folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const file = join(folder, name)
    if ((await stat(file)).mtimeMs < moment) await rm(file, { recursive: true })
  }
}
