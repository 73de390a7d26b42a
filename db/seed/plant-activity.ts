import * as shard from '../shard/schema.ts'
import { idFor } from './ids.ts'
import type { Insert } from './seed.ts'

export type CastActor = { kind: 'contact' | 'staff'; id: string; name: string }
type Entry = typeof shard.activities.$inferInsert

/** What somebody of the cast did, as the commit that does it tells it. Its place among what happened in that moment comes of `at`. */
export const plantEntry = (
  insert: Insert,
  { mspId, customerId }: { mspId: string; customerId: string },
  actor: CastActor,
  at: number,
  action: string,
  subject: { kind: 'request' | 'ticket'; id: string; name: string },
  changes: Entry['changes'] = [],
): void =>
  insert(shard.activities, {
    mspId,
    customerId,
    id: idFor(`activity ${subject.id} ${action} ${at}`, at),
    at,
    actorKind: actor.kind,
    actorId: actor.id,
    actorName: actor.name,
    action,
    subjectKind: subject.kind,
    subjectId: subject.id,
    subjectName: subject.name,
    changes,
  })

/** That a request came to another state, and why. */
export const stateChanges = (
  before: string | null,
  after: string,
  reason: string | null | undefined = null,
): Entry['changes'] => [
  { table: 'service_requests', field: 'state', before, after },
  ...(reason === null ? [] : [{ table: 'service_requests', field: 'decisionReason', before: null, after: reason }]),
]
