import { z } from '@hono/zod-openapi'
import { actorKinds } from '../../../db/shard/schema.ts'
import { dayOf } from '../../days.ts'
import { LIMIT_MAX, listOf } from '../../http/paging.ts'
import { tableFormats } from '../../http/table-file.ts'
import type { Cell } from '../../http/cells.ts'
import type { Table } from '../../http/table-file.ts'
import type { ActivityRow, Person } from './activity.ts'
import { activityKindNames } from './kinds.ts'

const filters = {
  person: z.string().max(60).optional().describe('The id of whoever did it: of staff, of a contact or of an API key.'),
  kind: z.enum(activityKindNames).optional().describe('Only entries about this kind of thing.'),
  from: z.iso.date('Enter a day such as 2026-11-20.').optional().describe("The first day, in the MSP's time zone."),
  to: z.iso.date('Enter a day such as 2026-11-20.').optional().describe('The last day, which counts in.'),
}
/** Also of one that is deleted or merged by now. */
const ofCustomer = {
  customerId: z
    .string()
    .max(60)
    .optional()
    .describe('Only entries of this customer, also of one that is deleted or merged by now.'),
}

const page = {
  limit: z.coerce.number().int().min(1).max(LIMIT_MAX).default(50).describe('How many at most.'),
  cursor: z.string().max(500).optional().describe('The `nextCursor` of the page before.'),
}

export const ActivityQuery = z.strictObject({ ...page, ...filters })
export const ActivityOfAllQuery = z.strictObject({ ...page, ...filters, ...ofCustomer })
export const ActivityPeopleQuery = z.strictObject(ofCustomer)
export const ActivityExportInput = z
  .strictObject({
    format: z.enum(tableFormats).describe('`csv`, or `xlsx` for a workbook.'),
    ...filters,
    ...ofCustomer,
  })
  .openapi('ActivityExportInput')

export const Activity = z
  .object({
    id: z.string(),
    at: z.iso.datetime(),
    actor: z.object({ kind: z.enum(actorKinds), id: z.string(), name: z.string() }),
    action: z.string(),
    subject: z.object({ kind: z.string(), id: z.string(), name: z.string() }),
    customer: z
      .object({ id: z.string(), name: z.string().nullable() })
      .nullable()
      .describe('Whose log it stands in; the name is null once the customer is deleted or merged.'),
    mergedFrom: z
      .string()
      .nullable()
      .describe('The name of the customer it was done to, where that one has been merged into this one since.'),
    changes: z.array(
      z.object({
        of: z.string().describe('What kind of thing the field is of, such as `customers`.'),
        field: z.string(),
        before: z.unknown(),
        after: z.unknown(),
      }),
    ),
  })
  .openapi('Activity')

export const ActivityList = listOf(Activity, 'ActivityList')

export const ActivityPeople = z
  .object({
    items: z.array(z.object({ kind: z.enum(['staff', 'contact', 'api_key']), id: z.string(), name: z.string() })),
  })
  .openapi('ActivityPeople')

export const presentActivity = (row: ActivityRow): z.infer<typeof Activity> => ({
  id: row.id,
  at: new Date(row.at).toISOString(),
  actor: { kind: row.actorKind, id: row.actorId, name: row.actorName },
  action: row.action,
  subject: { kind: row.subjectKind, id: row.subjectId, name: row.subjectName },
  customer: row.customerId === null ? null : { id: row.customerId, name: row.customerName },
  mergedFrom: row.mergedFrom,
  changes: row.changes.map(({ table, field, before, after }) => ({ of: table, field, before, after })),
})

export const presentPeople = (people: Person[]): z.infer<typeof ActivityPeople> => ({
  items: people.map(({ kind, id, name }) => ({ kind, id, name })),
})

export const activityColumns = (timeZone: string): Table['columns'] => [
  { title: `When (${timeZone})`, width: 22 },
  { title: 'Who', width: 24 },
  { title: 'As', width: 12 },
  { title: 'Customer', width: 28 },
  { title: 'What', width: 26 },
  { title: 'Of', width: 28 },
  { title: 'Changes', width: 80 },
  { title: 'Action', width: 24 },
  { title: 'Entry id', width: 40 },
]

const actorWords: Record<ActivityRow['actorKind'], string> = {
  staff: 'Staff',
  contact: 'Contact',
  system: 'System',
  visitor: 'Visitor',
  api_key: 'API key',
}

export const activityCells = (row: ActivityRow, timeZone: string): Cell[] => [
  `${dayOf(row.at, timeZone)} ${timeOf(row.at, timeZone)}`,
  row.actorKind === 'system' ? actorWords.system : row.actorName,
  actorWords[row.actorKind],
  row.customerName ?? row.mergedFrom,
  inWords(row.action),
  row.subjectName,
  row.changes.map(({ field, before, after }) => `${inWords(field)}: ${shown(before)} → ${shown(after)}`).join('\n'),
  row.action,
  row.id,
]

const timeOf = (at: number, timeZone: string): string =>
  new Intl.DateTimeFormat('en-GB', { timeZone, timeStyle: 'medium', hourCycle: 'h23' }).format(at)

/** "contact.blocked" → "Contact blocked", "displayName" → "Display name" */
const inWords = (name: string): string => {
  const words = name
    .replaceAll(/[._-]+/g, ' ')
    .replaceAll(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase()
  return words.charAt(0).toUpperCase() + words.slice(1)
}

const shown = (value: unknown): string => {
  if (value === null || value === undefined || value === '') return 'empty'
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  return typeof value === 'string' ? value : JSON.stringify(value)
}
