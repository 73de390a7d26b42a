import { and, asc, eq, isNull, sql } from 'drizzle-orm'
import { z } from 'zod'
import { tenantUsers } from '../../../db/shard/schema.ts'
import { defineJob, finished } from '../../jobs/job.ts'
import { among } from '../../tenancy/among.ts'
import { sortNameOf, wordsOfUser } from './user-words.ts'

const USERS_PER_COMMIT = 500
const COMMITS_PER_TURN = 20

/**
 * Gives people their order and words who were read before there were any. What a sync reads comes with them; a tenant that
 * can be read no more is found all the same.
 */
export const indexUsers = defineJob({
  kind: 'directory.index_users',
  title: 'Make people searchable',
  payload: z.object({}),
  async run(msp, _payload, work) {
    for (let commits = 0; commits < COMMITS_PER_TURN; commits += 1) {
      const users = await msp.list(tenantUsers, {
        where: isNull(tenantUsers.foundBy),
        orderBy: [asc(tenantUsers.tenantId), asc(tenantUsers.id)],
        limit: USERS_PER_COMMIT,
      })
      const [first] = users
      if (first === undefined) return finished
      // Associated anew, a tenant has the same people in other rows: each tenant's by themselves.
      const { tenantId } = first
      const theirs = users.filter((user) => user.tenantId === tenantId)
      const made = JSON.stringify(
        Object.fromEntries(theirs.map((user) => [user.id, [sortNameOf(user.displayName), wordsOfUser(user)]])),
      )
      const madeOf = (place: number) =>
        sql`(select json_extract(made.value, ${`$[${place}]`}) from json_each(${made}) as made where made.key = ${tenantUsers.id})`
      const ids = theirs.map(({ id }) => id)
      await msp.record(
        msp.changeAll(
          tenantUsers,
          // A sync may have come first.
          and(eq(tenantUsers.tenantId, tenantId), among(tenantUsers.id, ids), isNull(tenantUsers.foundBy)),
          { sortName: madeOf(0), foundBy: madeOf(1) },
        ),
        work.stillMine(),
      )
    }
    return { kind: 'again', at: work.now() }
  },
})

/** While one of an MSP's is alive there is no second. */
export const indexUsersOf = () =>
  indexUsers.described({}, { naturalKey: 'directory:index_users', subjectName: 'Microsoft 365' })
