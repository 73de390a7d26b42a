import { getCookie } from 'hono/cookie'
import { routes } from '../../http/app.ts'
import type { OpenEnv, SelfEnv } from '../../http/app.ts'
import { anyone, done, json, ok, oneself, problem, problemForNow, route, withCookie } from '../../http/route.ts'
import { addressOf, callerOf } from './caller.ts'
import { HOUSE_COOKIE, flowCookieOf, houseIn, usedHouseCookie } from './flow.ts'
import { readLink, unlink } from './microsoft-link.ts'
import { beginLink, beginMicrosoft } from './microsoft.ts'
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
