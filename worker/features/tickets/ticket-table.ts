import type { ticketStates } from '../../../db/shard/schema.ts'
import { momentCell } from '../../http/cells.ts'
import type { Cell } from '../../http/cells.ts'
import type { TicketRow } from './conversation.ts'
import { categoryNameOf, priorityOf } from './settings.ts'
import type { Settings } from './settings.ts'

/** Whose words and figures a table of tickets tells: a customer is told nothing of targets, and no more than fits on paper. */
export type TableReader = 'customer' | 'staff'

type State = (typeof ticketStates)[number]
type Column = { title: string; width: number; isNumber: boolean }

const stateWords: Record<TableReader, Record<State, string>> = {
  customer: {
    new: 'Received',
    in_progress: 'Being worked on',
    waiting_on_customer: 'Waiting on you',
    resolved: 'Solved',
    closed: 'Closed',
  },
  staff: {
    new: 'New',
    in_progress: 'In progress',
    waiting_on_customer: 'Waiting on customer',
    resolved: 'Resolved',
    closed: 'Closed',
  },
}

const ratingWords = { satisfied: 'Satisfied', not_satisfied: 'Not satisfied' }

const text = (title: string, width: number): Column => ({ title, width, isNumber: false })

/** The columns of tickets as a file or on paper. */
export const ticketColumns = (reader: TableReader): Column[] => [
  // A name with a sign, and nothing to be added up.
  text('Number', 10),
  text('Subject', 48),
  text('State', 18),
  text('Priority', 26),
  text('Category', 26),
  text('For', 24),
  text('Looked after by', 20),
  text('Opened', 17),
  text('Done', 17),
  text('Rating', 14),
  ...(reader === 'staff'
    ? [text('Last change', 17), text('First answer', 17), text('Answer due', 17), text('Solution due', 17)]
    : []),
]

export const ticketCells = (row: TicketRow, settings: Settings, reader: TableReader, timeZone: string): Cell[] => {
  const moment = (at: number | null) => momentCell(at, timeZone)
  const priority = priorityOf(settings, row.priority)
  return [
    `#${row.number}`,
    row.subject,
    stateWords[reader][row.state],
    reader === 'staff' ? priority.name : priority.customerName,
    categoryNameOf(settings, row.category),
    row.requesterName,
    row.assigneeName,
    moment(row.createdAt),
    moment(row.endedAt),
    row.rating === null ? null : ratingWords[row.rating],
    ...(reader === 'staff'
      ? [moment(row.changedAt), moment(row.firstAnsweredAt), moment(row.firstAnswerDueAt), moment(row.resolutionDueAt)]
      : []),
  ]
}
