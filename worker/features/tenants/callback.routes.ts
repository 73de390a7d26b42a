import { Hono } from 'hono'
import type { Context } from 'hono'
import { getCookie } from 'hono/cookie'
import type { OpenEnv } from '../../http/app.ts'
import { Problem } from '../../http/problem.ts'
import { staffSession, tokenIn } from '../../http/session.ts'
import { newNonce, plainPage } from '../../http/shell.ts'
import { afterConsent, afterSignIn, completeConnection } from './connect.ts'
import type { NextStop } from './connect.ts'
import { FLOW_COOKIE, endedFlowCookie } from './flow-cookie.ts'

/**
 * Where a browser lands on its way back from Microsoft. These are pages, not API: they answer with redirects, and
 * what they change is guarded by single-use states and the flow cookie.
 */
export const callbackRoutes = new Hono<OpenEnv>()

/** What stands behind these addresses is used up by looking, and a HEAD may come from anybody who checks a link. */
callbackRoutes.use('/microsoft/*', async (c, next) => {
  if (c.req.method !== 'HEAD' || c.var.place.kind === 'portal') return next()
  return new Response(null, { status: 405, headers: { allow: 'GET' } })
})

callbackRoutes.get('/microsoft/consent', async (c, next) => {
  if (c.var.place.kind !== 'sign-in') return next()
  return go(c, await afterConsent(c.var, new URL(c.req.url).searchParams))
})

callbackRoutes.get('/microsoft/callback', async (c, next) => {
  if (c.var.place.kind !== 'sign-in') return next()
  const url = new URL(c.req.url)
  return go(c, await afterSignIn(c.var, url))
})

/** The one GET that consumes: redeemed only with the flow cookie, by the person who began. */
callbackRoutes.get('/microsoft/connected', async (c, next) => {
  const { environment, place } = c.var
  if (place.kind !== 'admin') return next()
  const session = await staffSession(c.var, place, tokenIn(c, environment))
  const flowSecret = getCookie(c, FLOW_COOKIE)
  const code = c.req.query('code') ?? ''
  const customerId = c.req.query('customer') ?? ''
  if (session === undefined || flowSecret === undefined) return back(customerId, 'out_of_date')
  if (!session.staff.permissions.has('tenants.write')) return back(customerId, 'not_allowed')
  try {
    const done = await completeConnection(session.msp, session.staff.staffId, code, flowSecret)
    return back(done.customerId, done.outcome)
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    return back(customerId, error.code === 'conflict' ? 'held' : 'out_of_date')
  }
})

const go = (c: Context<OpenEnv>, stop: NextStop): Response => {
  const admin = c.var.environment.originOf(c.var.environment.ADMIN_HOST)
  switch (stop.kind) {
    case 'elsewhere':
      return c.redirect(stop.url, 303)
    case 'admin':
      return c.redirect(
        `${admin}/microsoft/connected?${new URLSearchParams({ code: stop.code, customer: stop.customerId }).toString()}`,
        303,
      )
    case 'refused':
      return c.redirect(`${admin}/customers/${stop.customerId}/tenants?connection=${stop.reason}`, 303)
    case 'unknown':
      return plainPage(
        'This link is no longer valid',
        'Connecting was not finished in time, or the link was used before. Start again from the customer’s page.',
        410,
        newNonce(),
      )
  }
}

const back = (customerId: string, outcome: string): Response => {
  const safe = /^[0-9a-z]{1,64}$/.test(customerId) ? `/customers/${customerId}/tenants` : '/customers'
  return new Response(null, {
    status: 303,
    headers: { location: `${safe}?connection=${outcome}`, 'set-cookie': endedFlowCookie },
  })
}
