import { environment } from './stage.ts'
import { pastTheFence } from './tripwire.ts'

/** What the minute's sweep would take up. It takes so many at a time, of whomever they are. */
const statements = [
  `delete from jobs`,
  `update tenants set next_sync_at = null, parts_due_at = null, health_due_at = null`,
  `update contacts set report_due_at = null where report_due_at is not null`,
  `update custom_hostnames set next_check_at = null`,
  `delete from ticket_files where unsent_until_at is not null`,
]

/** Leaves nothing to be done of what tests so far have staged, so that the next ones find only what is theirs. */
export const leaveNothingDue = async (): Promise<void> => {
  for (const shard of environment.shards.values())
    await pastTheFence(() => shard.batch(statements.map((sql) => ({ sql, params: [] }))))
  await environment.directory.prepare(`delete from password_reset_requests`).run()
}
