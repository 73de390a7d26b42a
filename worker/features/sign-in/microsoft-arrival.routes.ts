import { Hono } from 'hono'
import type { Context } from 'hono'
import { getCookie } from 'hono/cookie'
import type { OpenEnv } from '../../http/app.ts'
import { cookieOf, selfAt, tokenIn } from '../../http/session.ts'
import { newNonce, plainPage } from '../../http/shell.ts'
import { callerOf } from './caller.ts'
import { FLOW_COOKIE, endedFlowCookie, houseCookieOf, isSealedFlow } from './flow.ts'
import { afterMicrosoft, redeemHandOver } from './microsoft.ts'
import type { NextStop, Redeemed, Refusal } from './microsoft.ts'

/** Where a browser lands on its way back from signing in at Microsoft. */
export const microsoftArrivalRoutes = new Hono<OpenEnv>()

/** What stands behind these addresses is used up by looking, and a HEAD may come from anybody who checks a link. */
microsoftArrivalRoutes.use('/microsoft/*', async (c, next) =>
  c.req.method === 'HEAD' ? new Response(null, { status: 405, headers: { allow: 'GET' } }) : next(),
)

/** Everybody comes back from Microsoft here; a state that is none of ours is that of a tenant being connected. */
microsoftArrivalRoutes.get('/microsoft/callback', async (c, next) => {
  const url = new URL(c.req.url)
  if (c.var.place.kind !== 'sign-in' || !isSealedFlow(url.searchParams.get('state') ?? '')) return next()
  return go(c, await afterMicrosoft(c.var, url))
})

/** The one GET that consumes: redeemed only with the flow cookie, where the sign-in began. */
microsoftArrivalRoutes.get('/microsoft/signed-in', async (c, next) => {
  if (c.var.place.kind === 'sign-in') return next()
  const self = async () => {
    const found = await selfAt(c.var, c.var.place, tokenIn(c, c.var.environment))
    return found?.isAllowed === true ? found.self : undefined
  }
  const redeemed = await redeemHandOver(callerOf(c), self, c.req.query('code') ?? '', getCookie(c, FLOW_COOKIE))
  return arrive(redeemed, c.var.place.kind === 'admin')
})

const go = (c: Context<OpenEnv>, stop: NextStop): Response => {
  switch (stop.kind) {
    case 'back':
      return c.redirect(
        `${c.var.environment.originOf(stop.host)}/microsoft/signed-in?${new URLSearchParams({ code: stop.code }).toString()}`,
        303,
      )
    case 'refused':
      return c.redirect(`${c.var.environment.originOf(stop.host)}${told(stop.page, stop.reason)}`, 303)
    case 'unknown':
      return plainPage(
        'This link is no longer valid',
        'Signing in was not finished in time, or the link was changed on the way. Go back to where you came from and begin again.',
        410,
        newNonce(),
      )
  }
}

const arrive = (redeemed: Redeemed, isAdmin: boolean): Response => {
  const headers = new Headers()
  const remember = (house: { shard: string; mspId: string }) => {
    if (isAdmin) headers.append('set-cookie', houseCookieOf(house))
  }
  switch (redeemed.kind) {
    case 'signed_in':
      headers.set('location', redeemed.returnTo)
      headers.append('set-cookie', cookieOf(redeemed.signedIn.token, redeemed.signedIn.maxAgeSeconds))
      remember(redeemed.signedIn.token)
      break
    case 'linked':
      headers.set('location', told(redeemed.page, 'linked'))
      remember(redeemed.house)
      break
    case 'refused':
      headers.set('location', told(redeemed.page, redeemed.reason))
  }
  headers.append('set-cookie', endedFlowCookie)
  return new Response(null, { status: 303, headers })
}

/** A page of the same host, which says how it ended. */
const told = (page: string, outcome: Refusal | 'linked'): string => {
  const { pathname, searchParams, hash } = new URL(page, 'https://here.invalid')
  searchParams.set('microsoft', outcome)
  return `${pathname}?${searchParams.toString()}${hash}`
}
