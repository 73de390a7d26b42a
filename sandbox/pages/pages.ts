import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Hono } from 'hono'

/** The styles and the script that all pages share. */
export async function sharedFiles(): Promise<Hono> {
  const [styles, script] = await Promise.all([
    readFile(join(import.meta.dirname, 'sandbox.css'), 'utf8'),
    readFile(join(import.meta.dirname, 'sandbox.js'), 'utf8'),
  ])
  const app = new Hono()
  app.get('/sandbox.css', (context) => context.body(styles, 200, { 'content-type': 'text/css; charset=utf-8' }))
  app.get('/sandbox.js', (context) => context.body(script, 200, { 'content-type': 'text/javascript; charset=utf-8' }))
  return app
}
