import { routes } from '../../http/app.ts'
import type { OpenEnv } from '../../http/app.ts'
import { anyone, done, json, problemForNow, route } from '../../http/route.ts'
import { InvitationLookup, callerOf } from '../sign-in/index.ts'
import { renewInvitation } from './renewal.ts'

const renew = route(
  anyone(['portal'], 'Who holds an expired link may have a fresh one mailed to where it came from.'),
  {
    method: 'post',
    path: '/api/auth/invitation/renewal',
    operationId: 'renewInvitation',
    tags: ['Sign-in'],
    summary: 'Have a fresh invitation mailed in place of one that has expired',
    description: 'It goes to the address that the expired one went to. The answer is the same for every link.',
    request: { body: json(InvitationLookup) },
    responses: {
      204: done('If the link has expired, a fresh one is on its way'),
      429: problemForNow('Too many attempts'),
    },
  },
)

export const renewalRoutes = routes<OpenEnv>()

renewalRoutes.openapi(renew, async (c) => {
  await renewInvitation(callerOf(c), c.req.valid('json').token)
  return c.body(null, 204)
})
