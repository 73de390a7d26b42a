import { Hono } from 'hono'
import type { Inbox } from './inbox.ts'

/** The inbox as JSON. */
export function mail(inbox: Inbox): Hono {
  const app = new Hono()
  app.get('/inbox.json', (context) =>
    context.json({ mails: inbox.list({ to: context.req.query('to'), words: context.req.query('q') }) }),
  )
  app.delete('/inbox.json', async (context) => {
    await inbox.empty()
    return context.body(null, 204)
  })
  return app
}
