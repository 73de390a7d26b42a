import type { Context } from 'hono'
import { getCookie } from 'hono/cookie'
import { routes } from '../../http/app.ts'
import type { OpenEnv, SelfEnv } from '../../http/app.ts'
import { anyone, done, json, ok, oneself, problem, problemForNow, route, withCookie } from '../../http/route.ts'
import { cookieOf, selfAt, tokenIn } from '../../http/session.ts'
import { newNonce, plainPage } from '../../http/shell.ts'
import { addressOf, callerOf } from './caller.ts'
import {
  FLOW_COOKIE,
  HOUSE_COOKIE,
  endedFlowCookie,
  flowCookieOf,
  houseCookieOf,
  houseIn,
  isSealedFlow,
  usedHouseCookie,
} from './flow.ts'
import { readLink, unlink } from './microsoft-link.ts'
import { afterMicrosoft, beginLink, beginMicrosoft, redeemHandOver } from './microsoft.ts'
import type { NextStop, Redeemed, Refusal } from './microsoft.ts'
import {
  MicrosoftLink,
  MicrosoftLinkInput,
  MicrosoftSignIn,
  MicrosoftWay,
  presentMicrosoftLink,
} from './microsoft.schema.ts'

const begin = route(anyone(['admin', 'portal'], 'It is how one stops being a stranger.'), {
  method: 'post',
  path: '/api/auth/microsoft',
  operationId: 'beginMicrosoftSignIn',
  tags: ['Sign-in'],
  summary: 'Begin to sign in with Microsoft',
  description:
    'Signs nobody in by itself: go to `url`, in the browser that holds the cookie set here. With the secret of an invitation, it is accepted that way, and 410 says that it no longer can be.',
  request: { body: json(MicrosoftSignIn) },
  responses: {
    200: withCookie(ok(MicrosoftWay, 'Go to `url`'), 'Binds the sign-in to this browser'),
    410: problem('The invitation was used, withdrawn or has expired'),
  },
})

const read = route(oneself, {
  method: 'get',
  path: '/api/auth/microsoft/link',
  operationId: 'readMicrosoftLink',
  tags: ['Sign-in'],
  summary: 'The Microsoft account that one signs in with',
  responses: { 200: ok(MicrosoftLink) },
})

const beginLinking = route(oneself, {
  method: 'post',
  path: '/api/auth/microsoft/link',
  operationId: 'beginMicrosoftLink',
  tags: ['Sign-in'],
  summary: 'Begin to link one’s Microsoft account',
  description:
    'Links nothing by itself: go to `url`, in the browser that holds the cookie set here. Whoever has a password proves it: 422 at /password otherwise. 409 for who has linked one already.',
  readsOnly: true,
  request: { body: json(MicrosoftLinkInput) },
  responses: {
    200: withCookie(ok(MicrosoftWay, 'Go to `url`'), 'Binds the linking to this browser'),
    409: problem('An account is linked already'),
    429: problemForNow('Too many attempts'),
  },
})

const remove = route(oneself, {
  method: 'delete',
  path: '/api/auth/microsoft/link',
  operationId: 'removeMicrosoftLink',
  tags: ['Sign-in'],
  summary: 'Unlink one’s Microsoft account',
  description: 'Ends the other sessions that it began, and tells oneself by mail.',
  responses: { 204: done('Unlinked'), 409: problem('One could not sign in without it') },
})

export const microsoftRoutes = routes<OpenEnv>()

microsoftRoutes.openapi(begin, async (c) => {
  const { returnTo, invitation } = c.req.valid('json')
  const house = houseIn(c.var.environment, getCookie(c, HOUSE_COOKIE))
  const { url, flowSecret } = await beginMicrosoft(callerOf(c), { returnTo, invitation, house })
  const cookies = [flowCookieOf(flowSecret), ...(house === undefined ? [] : [usedHouseCookie])]
  return c.json({ url }, 200, { 'set-cookie': cookies })
})

export const microsoftLinkRoutes = routes<SelfEnv>()

microsoftLinkRoutes.openapi(read, async (c) => c.json(presentMicrosoftLink(await readLink(c.var.self)), 200))

microsoftLinkRoutes.openapi(beginLinking, async (c) => {
  const { environment, requestId, place, later, self } = c.var
  const { returnTo, password } = c.req.valid('json')
  const caller = { environment, requestId, place, host: place.host, address: addressOf(c), later }
  const { url, flowSecret } = await beginLink(caller, self, { returnTo, password })
  return c.json({ url }, 200, { 'set-cookie': flowCookieOf(flowSecret) })
})

microsoftLinkRoutes.openapi(remove, async (c) => {
  await unlink(c.var.environment, c.var.self)
  return c.body(null, 204)
})

/** What stands behind these addresses is used up by looking, and a HEAD may come from anybody who checks a link. */
microsoftRoutes.use('/microsoft/*', async (c, next) =>
  c.req.method === 'HEAD' ? new Response(null, { status: 405, headers: { allow: 'GET' } }) : next(),
)

/** Everybody comes back from Microsoft here; a state that is none of ours is that of a tenant being connected. */
microsoftRoutes.get('/microsoft/callback', async (c, next) => {
  const url = new URL(c.req.url)
  if (c.var.place.kind !== 'sign-in' || !isSealedFlow(url.searchParams.get('state') ?? '')) return next()
  return go(c, await afterMicrosoft(c.var, url))
})

/** The one GET that consumes: redeemed only with the flow cookie, where the sign-in began. */
microsoftRoutes.get('/microsoft/signed-in', async (c, next) => {
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
