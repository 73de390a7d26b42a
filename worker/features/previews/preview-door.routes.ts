import { Hono } from 'hono'
import type { OpenEnv } from '../../http/app.ts'
import { previewCookieOf } from '../../http/preview.ts'
import { newNonce, plainPage } from '../../http/shell.ts'
import { redeemPreview } from './previews.ts'

/** Where the browser of whoever views a portal as somebody comes in. */
export const previewDoor = new Hono<OpenEnv>()

/** A code is used up by looking, and a HEAD may come from anybody who checks a link. */
previewDoor.get('/preview', async (c, next) => {
  const { place } = c.var
  if (place.kind !== 'portal') return next()
  if (c.req.method === 'HEAD') return new Response(null, { status: 405, headers: { allow: 'GET' } })
  const token = await redeemPreview(c.var, place, c.req.query('code') ?? '')
  if (token === undefined)
    return plainPage(
      'This link is no longer valid',
      'It works once, for a minute. Choose again whom to view the portal as.',
      410,
      newNonce(),
    )
  return new Response(null, { status: 303, headers: { location: '/', 'set-cookie': previewCookieOf(token) } })
})
