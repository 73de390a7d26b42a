import type { Context, Next } from 'hono'
import { html } from 'hono/html'

export type Html = ReturnType<typeof html>

/** What every page of the sandbox may do: our own styles and script, nothing from elsewhere. */
const policy =
  "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; frame-src 'self'; connect-src 'self'; base-uri 'none'; frame-ancestors 'none'"

export async function pageHeaders(context: Context, next: Next): Promise<void> {
  await next()
  if (context.res.headers.get('content-type')?.startsWith('text/html') !== true) return
  if (!context.res.headers.has('content-security-policy')) context.header('content-security-policy', policy)
  context.header('cache-control', 'no-store')
  context.header('referrer-policy', 'same-origin')
  context.header('x-content-type-options', 'nosniff')
}

/** A page with the ribbon that says what this is. */
export function layout(options: { title: string; wide?: boolean; body: Html; ribbon?: string }): Html {
  const ribbon = options.ribbon ?? 'Sandbox: this machine plays the outside world. Nothing here is real.'
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${options.title}</title>
        <link rel="stylesheet" href="/sandbox.css" />
        <link rel="icon" href="data:," />
        <script src="/sandbox.js" defer></script>
      </head>
      <body>
        <header class="ribbon">${ribbon}</header>
        <main class="${options.wide === true ? 'wide' : 'card'}">${options.body}</main>
      </body>
    </html>`
}
