import { atMost } from './budget.ts'
import type { Part } from './budget.ts'
import { mustCall } from './client.ts'
import type { Asked } from './client.ts'
import { costOf } from './metered.ts'
import { operationsOfContract, readOf } from './operations.ts'
import type { Operation } from './operations.ts'
import { plantMsp, run } from './population.ts'
import type { Msp } from './population.ts'
import type { Runtime } from './runtime.ts'

const growthMax = 1.1
const callsPerRead = 2
const few = 1_000
/** Comments of one ticket, each time more than a page of them. */
const comments = { few: 100, many: 500 }
const rowsPerStatement = 50_000

/** What is asked of the lists; everything else is asked once, as it is. */
const queries: Record<string, string[]> = {
  listTickets: [
    '?view=open',
    '?view=waiting',
    '?view=ended',
    '?view=all',
    '?view=all&q=rarew',
    '?view=all&q=print',
    '?q=printer%20rareword',
    '?view=all&q=%2310500',
  ],
  listStaffTickets: [
    ...['open', 'mine', 'unassigned', 'waiting', 'due', 'overdue', 'ended', 'all'].map((view) => `?view=${view}`),
    '?view=all&q=rarew',
    '?view=all&q=print',
    '?view=open&q=printer%20rareword',
    '?view=all&q=%2310500',
  ],
  readReport: ['?report=tickets'],
  readCustomerReport: ['?report=tickets'],
}

/** What shows tickets, beside what is of tickets alone. */
const besides = new Set(['readDashboard', 'readReport', 'readCustomerReport', 'readWorkspace'])

/**
 * Rows read by everything that shows tickets, by staff, portal admins and portal users: as many of a million on one MSP, all of one
 * customer and one person, as of a thousand; and the round trips of a conversation of 500 comments.
 */
export const ticketCosts = async (runtime: Runtime, manyCount: number, note: (line: string) => void): Promise<Part> => {
  note(`planting ${few.toLocaleString('en-GB')} and ${manyCount.toLocaleString('en-GB')} tickets`)
  const [small, large] = [await plantMsp(runtime, 'tickets-few', 20), await plantMsp(runtime, 'tickets-many', 20)]
  await plantTickets(runtime, small, few, comments.few)
  await plantTickets(runtime, large, manyCount, comments.many)
  // An index is read up to the first row of whoever comes next.
  await plantTickets(runtime, await plantMsp(runtime, 'tickets-tail', 20), 10, 1)
  const lines: Part['lines'] = []
  for (const { what, asked } of questions()) {
    const [before, after] = [await costOf(runtime, asked(small)), await costOf(runtime, asked(large))]
    const said = `${before.rowsRead} rows of ${few}, ${after.rowsRead} of ${manyCount} tickets`
    lines.push(
      atMost(what, after.rowsRead / before.rowsRead, growthMax, '×', said),
      atMost(`${what}: D1 round trips`, after.calls, callsPerRead, ''),
    )
  }
  for (const as of ['cookie', 'userCookie'] as const) {
    const [before, after] = [await secondPage(runtime, small, as), await secondPage(runtime, large, as)]
    const [one, other] = [await costOf(runtime, before), await costOf(runtime, after)]
    const said = `${one.rowsRead} rows, then ${other.rowsRead}`
    lines.push(atMost(`listTickets, second page, ${readers[as]}`, other.rowsRead / one.rowsRead, growthMax, '×', said))
  }
  return { lines }
}

const readers = { cookie: 'portal admin', userCookie: 'portal user' }
type Question = { what: string; asked: (msp: Msp) => Asked }

const questions = (): Question[] =>
  operationsOfContract()
    .filter(({ method, id, tags }) => method === 'GET' && (tags.includes('Tickets') || besides.has(id)))
    .flatMap((operation) =>
      (queries[operation.id] ?? ['']).flatMap((query): Question[] => {
        const what = `${operation.id} ${query}`.trim()
        if (operation.access !== 'contact') return [{ what, asked: (msp) => asking(operation, msp, query) }]
        const ofAdmin = { what: `${what}, ${readers.cookie}`, asked: (msp: Msp) => asking(operation, msp, query) }
        // Reports are for portal admins.
        if (operation.id === 'readReport') return [ofAdmin]
        return [
          ofAdmin,
          {
            what: `${what}, ${readers.userCookie}`,
            asked: (msp) => ({ ...asking(operation, msp, query), cookie: msp.customer(1).userCookie }),
          },
        ]
      }),
    )

const asking = (operation: Operation, msp: Msp, query: string): Asked => {
  const asked = readOf(operation, msp)
  return query === '' ? asked : { ...asked, path: `${asked.path.split('?')[0] ?? ''}${query}` }
}

const secondPage = async (runtime: Runtime, msp: Msp, as: 'cookie' | 'userCookie'): Promise<Asked> => {
  const list = operationsOfContract().find(({ id }) => id === 'listTickets')
  if (list === undefined) throw new Error('The contract has no listTickets.')
  const first = { ...asking(list, msp, '?view=open'), cookie: msp.customer(1)[as] }
  const { nextCursor } = JSON.parse((await mustCall(runtime.client, first)).body.toString()) as { nextCursor: string }
  return { ...first, path: `${first.path}&cursor=${nextCursor}` }
}

/** What the product's ids of this moment begin with, by which days are found: from a ticket that it writes itself. */
const momentOf = async (runtime: Runtime, msp: Msp): Promise<string> => {
  const { customerId, host, cookie } = msp.customer(1)
  const path = `/api/portal/customers/${customerId}/tickets`
  const body = JSON.stringify({ subject: 'Printer', description: 'White pages.', category: 'network' })
  const answer = await mustCall(runtime.client, { method: 'POST', host, path, cookie, body })
  return (JSON.parse(answer.body.toString()) as { id: string }).id.slice(0, 10)
}

/**
 * Tickets of the first customer, all of one portal user: a tenth waits on them, a third ended, a fifth is somebody's of the
 * staff. Their ids are shorter than the product's, which leaves as many rows to be read and fewer bytes to be planted. The
 * ticket that the MSP was planted with is watched by the same person, and is the one with many comments.
 */
const plantTickets = async (runtime: Runtime, msp: Msp, ticketCount: number, commentCount: number): Promise<void> => {
  const database = await runtime.database('SHARD_1')
  const { customerId, contactId, ticketId } = msp.customer(1)
  const at = Date.now()
  const numbers = 'with recursive n(i) as (select ?1 union all select i + 1 from n where i < ?2)'
  const id = `printf('${await momentOf(runtime, msp)}%07d', i)`
  const moment = '?5 - 5000000000 + i'
  const isEnded = 'i % 3 = 0'
  const isWaiting = 'i % 10 = 1 and i % 3 <> 0'
  const ended = `case when ${isEnded} then ${moment} end`
  const attention = `${moment} + case when ${isEnded} then 0 when ${isWaiting} then 200000000000000 else 100000000000000 end`
  const each = (from: number, sql: string) =>
    run(
      database,
      `${numbers} ${sql}`,
      from,
      Math.min(from + rowsPerStatement - 1, ticketCount),
      msp.mspId,
      customerId,
      at,
      contactId,
    )
  for (let from = 1; from <= ticketCount; from += rowsPerStatement) {
    await each(
      from,
      `insert into tickets (msp_id, customer_id, id, number, subject, state, priority, category, source, requester, requester_name, raised_by_kind, raised_by, raised_by_name, assignee, assignee_name, created_at, changed_at, waiting_since, ended_at, due_at, attention, reply_hash)
       select ?3, ?4, ${id}, 10000 + i, 'Printer ' || i, case when ${isEnded} then 'closed' when ${isWaiting} then 'waiting_on_customer' else 'in_progress' end,
         'normal', 'network', 'portal', ?6, 'Tom Okafor', 'contact', ?6, 'Tom Okafor', case when i % 5 = 0 then '${msp.staff.id}' end, case when i % 5 = 0 then 'Olivia Bench' end,
         ${moment}, ${moment}, case when ${isWaiting} then ${moment} end, ${ended}, case when ${isEnded} or ${isWaiting} then null else ${moment} + 86400000 end, ${attention}, ${id} from n`,
    )
    await each(
      from,
      `insert into ticket_people (msp_id, customer_id, id, ticket_id, role, attention, ended_at)
       select ?3, ?4, ?6, ${id}, 'requester', ${attention}, ${ended} from n`,
    )
    for (const found of [`'printer'`, `case when i <= 10 then 'rareword' else 'plain' || (i % 50) end`])
      await each(
        from,
        `insert into ticket_words (msp_id, customer_id, id, word) select ?3, ?4, ${id}, ${found} from n where ?5 is not null and ?6 is not null`,
      )
  }
  await run(
    database,
    `insert into ticket_people (msp_id, customer_id, id, ticket_id, role, attention) values (?, ?, ?, ?, 'watcher', ?)`,
    msp.mspId,
    customerId,
    contactId,
    ticketId,
    at + 1e14,
  )
  await run(
    database,
    `${numbers} insert into ticket_entries (msp_id, customer_id, id, ticket_id, kind, is_internal, author_kind, author, author_name, body, source, created_at)
     select ?3, ?4, 'comment' || ?7 || printf('%06d', i), ?7, 'comment', 0, 'contact', ?6, 'Tom Okafor', 'Comment ' || i, 'portal', ?5 from n`,
    1,
    commentCount,
    msp.mspId,
    customerId,
    at,
    contactId,
    ticketId,
  )
}
