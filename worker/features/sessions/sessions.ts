import { and, desc, eq, gt, ne, sql } from 'drizzle-orm'
import type { SQL } from 'drizzle-orm'
import { sessions } from '../../../db/shard/schema.ts'
import { now } from '../../clock.ts'
import type { Self } from '../../http/app.ts'
import { Problem, missing } from '../../http/problem.ts'
import { lifeOf } from '../../http/session.ts'
import type { MspScope, Write } from '../../tenancy/scope.ts'

/** What a session is seen by its own person as. Its id is the hash of the cookie's secret, which opens nothing. */
export type OwnSession = { row: typeof sessions.$inferSelect; isThisOne: boolean }

/** Nobody looks through more; the oldest of them end by themselves. */
const SHOWN_COUNT_MAX = 100

type SessionScope = Pick<MspScope, 'list' | 'select' | 'mine' | 'removeWhere' | 'onlyIf' | 'commit'>

/** A person's open sessions, the one that asks first, then those seen last. */
export const listSessions = async (self: Self): Promise<OwnSession[]> => {
  const scope: SessionScope = self.scope
  const rows = await scope.list(sessions, {
    where: isOpen(self),
    orderBy: [desc(sql`${sessions.id} = ${self.sessionId}`), desc(sessions.seenAt), sessions.id],
    limit: SHOWN_COUNT_MAX,
  })
  return rows.map((row) => ({ row, isThisOne: row.id === self.sessionId }))
}

/** Ends one of a person's own sessions, at its next click. Problem `missing` for one that is over or somebody else's. */
export const endSession = async (self: Self, sessionId: string): Promise<void> => {
  const scope: SessionScope = self.scope
  const isIt = and(isOwn(self), eq(sessions.id, sessionId))
  const found = scope.select({ id: sessions.id }).from(sessions).where(scope.mine(sessions, isIt))
  try {
    await scope.commit(entryOf(self), scope.onlyIf(sql`exists ${found}`), scope.removeWhere(sessions, isIt))
  } catch (error) {
    if (error instanceof Problem && error.code === 'stale') throw missing('session')
    throw error
  }
}

/** Ends all of a person's sessions but the one that asks. */
export const endOtherSessions = async (self: Self): Promise<void> => {
  const scope: SessionScope = self.scope
  await scope.commit(entryOf(self), othersEnded(self))
}

/** The same as part of a commit of something else. */
export const othersEnded = (self: Self): Write => {
  const scope: SessionScope = self.scope
  return scope.removeWhere(sessions, and(isOwn(self), ne(sessions.id, self.sessionId)))
}

const isOwn = ({ kind, id }: Self): SQL => {
  switch (kind) {
    case 'staff':
      return eq(sessions.staffId, id)
    case 'contact':
      return eq(sessions.contactId, id)
  }
}

const isOpen = (self: Self): SQL | undefined =>
  and(isOwn(self), gt(sessions.expiresAt, now()), gt(sessions.seenAt, now() - lifeOf[self.kind].idleMs))

const entryOf = ({ kind, id, name }: Self) =>
  ({
    action: kind === 'staff' ? 'staff.signed_out_elsewhere' : 'contact.signed_out_elsewhere',
    subject: { kind, id, name },
  }) as const
