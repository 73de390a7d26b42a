import { Hono } from 'hono'
import type { Inbox } from './inbox.ts'
import type { Replies } from './replies.ts'
import { framedMail, framePolicy, inboxPage, mailPage } from './pages.ts'

/** The inbox, as pages and as JSON. */
export function mail(inbox: Inbox, replies: Replies, now: () => Date): Hono {
  const app = new Hono()

  app.get('/inbox.json', (context) =>
    context.json({ mails: inbox.list({ to: context.req.query('to'), words: context.req.query('q') }) }),
  )
  app.delete('/inbox.json', async (context) => {
    await inbox.empty()
    return context.body(null, 204)
  })

  app.get('/inbox', (context) => {
    const words = context.req.query('q') ?? ''
    return context.html(inboxPage(inbox.list({ words }), words))
  })
  app.post('/inbox/empty', async (context) => {
    await inbox.empty()
    return context.redirect('/inbox', 303)
  })
  app.get('/inbox/:id', (context) => {
    const found = inbox.find(context.req.param('id'))
    return found === undefined
      ? context.redirect('/inbox', 302)
      : context.html(mailPage(found, replies.addressOf(found), context.req.query('answer')))
  })
  app.post('/inbox/:id/answer', async (context) => {
    const found = inbox.find(context.req.param('id'))
    if (found === undefined) return context.notFound()
    const { words } = await context.req.parseBody()
    const refused = await replies.answer(found, typeof words === 'string' ? words : '', now())
    return context.redirect(`/inbox/${found.id}?${new URLSearchParams({ answer: refused ?? 'taken' }).toString()}`, 303)
  })
  app.get('/inbox/:id/html', (context) => {
    const found = inbox.find(context.req.param('id'))
    if (found === undefined) return context.notFound()
    return context.html(framedMail(found), 200, { 'content-security-policy': framePolicy })
  })
  return app
}
