import type { Context } from 'hono'
import type { OpenEnv } from '../../http/app.ts'
import { tokenIn } from '../../http/session.ts'
import type { Caller } from './sign-in.ts'

export const callerOf = (c: Context<OpenEnv>): Caller => ({
  environment: c.var.environment,
  place: c.var.place,
  requestId: c.var.requestId,
  later: c.var.later,
  address: addressOf(c),
  userAgent: c.req.header('user-agent'),
  former: tokenIn(c, c.var.environment),
})

export const addressOf = (c: Context): string => c.req.header('cf-connecting-ip') ?? 'unknown'
