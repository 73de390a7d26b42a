import type { Environment } from '../env.ts'

/** What a page starts from; `boot` becomes JSON in the document, `style` the brand's custom properties. */
export type Page = {
  title: string
  style: string
  icon: string | null
  /** How the page installs and is passed on, for one that somebody might install or pass on. */
  site?: Site
  boot: unknown
  /** The files behind the sign-in are wanted at once. */
  isSignedIn: boolean
}

export type Site = {
  manifest: string
  /** Of the browser's own bars around the page. */
  barColour: { light: string; dark: string }
  /** What a link to the page shows elsewhere. */
  preview: { name: string; description: string; url: string; imageUrl: string | null }
}

/** A page of one of the two apps, with the brand and the signed-in person in its first byte. */
export const shellPage = async (
  environment: Environment,
  file: 'portal.html' | 'admin.html',
  page: Page,
  nonce: string,
): Promise<Response> => {
  const template = await readTemplate(environment, file)
  if (template === undefined) return new Response('The web app has not been built.', { status: 503 })
  return htmlResponse(fillTemplate(template, page, nonce), 200, nonce)
}

/** Pure: the placeholders of a page filled in. Whatever comes from people is escaped for where it stands. */
export const fillTemplate = (
  template: string,
  { title, style, icon, site, boot, isSignedIn }: Page,
  nonce: string,
): string => {
  const head = [
    `<title>${escapeHtml(title)}</title>`,
    ...(icon === null ? [] : [`<link rel="icon" href="${escapeHtml(icon)}">`]),
    ...(site === undefined ? [] : siteTags(site)),
    `<style nonce="${nonce}">${style}</style>`,
  ].join('\n    ')
  const data = `<script type="application/json" id="boot" nonce="${nonce}">${scriptJson(boot)}</script>`
  // What the build named: the app itself at once, the pages after it when there is time.
  const links = (kind: string, files: string) => {
    const relOf = (file: string) =>
      kind === 'later' ? 'prefetch' : file.endsWith('.css') ? 'stylesheet' : 'modulepreload'
    return isSignedIn ? files.split(' ').map((file) => `<link rel="${relOf(file)}" href="${escapeHtml(file)}">`) : []
  }
  return template
    .replaceAll('__NONCE__', nonce)
    .replaceAll(/<!--(app|later) (.*?)-->/g, (_, kind: string, files: string) => links(kind, files).join(''))
    .replace('<!--head-->', () => head)
    .replace('<!--boot-->', () => data)
}

const siteTags = ({ manifest, barColour, preview }: Site): string[] => {
  const meta = (key: 'name' | 'property', name: string, content: string, more = '') =>
    `<meta ${key}="${name}" content="${escapeHtml(content)}"${more}>`
  return [
    `<link rel="manifest" href="${escapeHtml(manifest)}">`,
    meta('name', 'theme-color', barColour.light, ' media="(prefers-color-scheme: light)"'),
    meta('name', 'theme-color', barColour.dark, ' media="(prefers-color-scheme: dark)"'),
    meta('name', 'apple-mobile-web-app-title', preview.name),
    meta('name', 'description', preview.description),
    meta('property', 'og:type', 'website'),
    meta('property', 'og:site_name', preview.name),
    meta('property', 'og:title', preview.name),
    meta('property', 'og:description', preview.description),
    meta('property', 'og:url', preview.url),
    ...(preview.imageUrl === null ? [] : [meta('property', 'og:image', preview.imageUrl)]),
    meta('name', 'twitter:card', 'summary'),
  ]
}

/** A small page of our own for hosts and moments that have no app: no brand, no name. */
export const plainPage = (title: string, text: string, status: number, nonce: string): Response =>
  htmlResponse(
    `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${escapeHtml(title)}</title><style nonce="${nonce}">:root{color-scheme:light dark;font:16px/1.5 system-ui,sans-serif}body{max-width:34rem;margin:18vh auto 0;padding:0 1.5rem}h1{font-size:1.5rem;line-height:2rem;margin:0 0 .5rem}p{margin:0;opacity:.8}</style><main><h1>${escapeHtml(title)}</h1><p>${escapeHtml(text)}</p></main></html>`,
    status,
    nonce,
  )

export const neutralNotFound = (nonce: string): Response =>
  plainPage('There is nothing here', 'Check the address, or ask the person who gave it to you.', 404, nonce)

export const newNonce = (): string => crypto.randomUUID().replaceAll('-', '')

const HSTS = 'strict-transport-security'
const RESOURCE_POLICY = 'cross-origin-resource-policy'

/** At a customer's own host name we speak for that name alone: what lies below it is theirs, and may speak plain HTTP. */
export const forThisHostAlone = (response: Response): Response => {
  const headers = new Headers(response.headers)
  headers.set(HSTS, 'max-age=63072000')
  return new Response(response.body, { status: response.status, statusText: response.statusText, headers })
}

/** Headers of every response the Worker makes, pages and API alike. */
export const withSafetyHeaders = (response: Response, requestId: string): Response => {
  const headers = new Headers(response.headers)
  headers.set('x-content-type-options', 'nosniff')
  // Also where a picture brings a policy of its own, which does not speak of frames.
  headers.set('x-frame-options', 'DENY')
  headers.set('referrer-policy', 'strict-origin-when-cross-origin')
  if (!headers.has(HSTS)) headers.set(HSTS, 'max-age=63072000; includeSubDomains')
  headers.set('cross-origin-opener-policy', 'same-origin')
  if (!headers.has(RESOURCE_POLICY)) headers.set(RESOURCE_POLICY, 'same-origin')
  headers.set('permissions-policy', 'camera=(), geolocation=(), microphone=(), payment=()')
  headers.set('x-request-id', requestId)
  if (!headers.has('content-security-policy'))
    headers.set(
      'content-security-policy',
      `default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'`,
    )
  if (!headers.has('cache-control')) headers.set('cache-control', 'no-store')
  return new Response(response.body, { status: response.status, statusText: response.statusText, headers })
}

export const htmlResponse = (html: string, status: number, nonce: string): Response =>
  new Response(html, { status, headers: htmlHeaders(nonce) })

const htmlHeaders = (nonce: string) => ({
  'content-type': 'text/html; charset=utf-8',
  'cache-control': 'no-store',
  'content-security-policy': [
    `default-src 'none'`,
    `script-src 'self' 'nonce-${nonce}'`,
    `style-src 'self' 'nonce-${nonce}'`,
    `img-src 'self' data: blob:`,
    `connect-src 'self'`,
    `manifest-src 'self'`,
    `form-action 'self'`,
    `base-uri 'none'`,
    `frame-ancestors 'none'`,
  ].join('; '),
})

const templates = new WeakMap<Fetcher, Map<string, string>>()

const readTemplate = async (environment: Environment, file: string): Promise<string | undefined> => {
  const { assets } = environment
  if (assets === undefined) return undefined
  const known = templates.get(assets) ?? new Map<string, string>()
  templates.set(assets, known)
  const text = known.get(file)
  if (text !== undefined) return text
  const response = await assets.fetch(`https://assets.invalid/${file}`)
  if (!response.ok) return undefined
  const read = await response.text()
  known.set(file, read)
  return read
}

export const escapeHtml = (text: string): string =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;')

/** JSON that cannot end the script element it stands in. */
const scriptJson = (value: unknown): string =>
  JSON.stringify(value).replaceAll('<', '\\u003c').replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029')
