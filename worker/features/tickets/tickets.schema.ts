import { z } from '@hono/zod-openapi'
import { isWebAddress } from '../../../db/owned.ts'
import { ticketRatings, ticketSources } from '../../../db/shard/schema.ts'
import { listQuery } from '../../http/paging.ts'
import { isoMoment, optionalText, requiredLine, requiredText } from '../../http/text.ts'
import { BODY_CHARACTERS_MAX, Priority, SUBJECT_CHARACTERS_MAX, State } from './conversation.schema.ts'
import { WATCHER_COUNT_MAX } from './conversation.ts'
import { FILE_BYTES_MAX, FILE_COUNT_MAX } from './files.ts'
import { RequestShape, presentRequestOf } from './request-of-ticket.ts'
import { categoryOf, offeredCategories, priorityOf } from './settings.ts'
import type { PriorityKey, Settings } from './settings.ts'
import type { TicketFound } from './ticket-reads.ts'
import type { ListedTicket } from './tickets-across.ts'

const Id = z.string().max(60)
const Person = z.object({ id: z.string(), name: z.string() })
const Category = z.object({ id: z.string(), name: z.string() })
const NamedPriority = z.object({ priority: Priority, name: z.string().describe('What staff call it.') })

export const ticketViews = ['open', 'mine', 'unassigned', 'waiting', 'due', 'overdue', 'ended', 'all'] as const

export const TicketQuery = listQuery(['attention']).extend({
  view: z
    .enum(ticketViews)
    .default('open')
    .describe('Which ones: `due` are those with something due, the next first, `overdue` those of them that are late.'),
  customerId: Id.optional().describe('Of one customer; with the views `open`, `ended` and `all`.'),
  q: z.string().max(200).optional().describe('A number, such as #1042, or words of the subject.'),
})

const summary = {
  id: z.string(),
  number: z.number().int(),
  subject: z.string(),
  state: State,
  priority: NamedPriority,
  category: Category,
  customer: z.object({ id: z.string(), name: z.string() }),
  requester: Person.nullable(),
  assignee: Person.nullable(),
  createdAt: z.iso.datetime(),
  changedAt: z.iso.datetime(),
  endedAt: z.iso.datetime().nullable(),
  due: z
    .object({ what: z.enum(['first_answer', 'resolution']), at: z.iso.datetime() })
    .nullable()
    .describe('What is due next; null while nothing is: no target, waiting on the customer, ended.'),
  version: z.number().int(),
}

export const ListedTicketShape = z.object(summary).openapi('StaffTicketSummary')
export const TicketList = z
  .object({
    items: z.array(ListedTicketShape),
    nextCursor: z.string().nullable(),
    truncated: z
      .boolean()
      .describe('The search found more than is looked through: not all that fit are listed. Narrow it.'),
  })
  .openapi('StaffTicketList')

export const StaffTicket = z
  .object({
    ...summary,
    source: z.enum(ticketSources).describe('The way it came.'),
    requester: Person.extend({ email: z.string().nullable() }).nullable(),
    raisedBy: z.object({ kind: z.enum(['contact', 'staff', 'program', 'system', 'outside']), name: z.string() }),
    assignee: Person.extend({ isBlocked: z.boolean() }).nullable(),
    watchers: z.array(Person),
    about: z
      .object({ tenant: z.object({ id: z.string(), name: z.string().nullable() }), user: Person.nullable() })
      .nullable()
      .describe('The tenant it is about, and a person in it.'),
    firstAnswerDueAt: z.iso.datetime().nullable(),
    firstAnsweredAt: z.iso.datetime().nullable(),
    resolutionDueAt: z.iso.datetime().nullable(),
    resolvedAt: z.iso.datetime().nullable(),
    waitingSince: z.iso.datetime().nullable().describe('Targets stand still meanwhile.'),
    reopenUntil: z.iso.datetime().nullable().describe('Until when the customer may open it again.'),
    rating: z
      .object({ rating: z.enum(ticketRatings), comment: z.string().nullable(), at: z.iso.datetime() })
      .nullable(),
    mergedInto: z.object({ id: z.string(), number: z.number().int() }).nullable().describe('Where it goes on.'),
    request: RequestShape,
    outside: z
      .object({ system: z.string(), id: z.string(), url: z.url({ protocol: /^https?$/ }).nullable() })
      .nullable()
      .describe('The same ticket in another system, such as a PSA.'),
  })
  .openapi('StaffTicket')

const About = z
  .strictObject({
    tenantId: Id.describe('A tenant of the customer.'),
    userId: Id.nullable().default(null).describe('A person in that tenant.'),
  })
  .nullable()

const subject = requiredLine(SUBJECT_CHARACTERS_MAX, 'Say in a few words what it is about.').describe(
  'What it is about, in a few words.',
)
const files = z
  .array(Id)
  .max(FILE_COUNT_MAX, `At most ${FILE_COUNT_MAX} files at once.`)
  .default([])
  .describe('Files that were uploaded for it, by their ids.')

export const StaffTicketInput = z
  .strictObject({
    subject,
    description: requiredText(BODY_CHARACTERS_MAX, 'Say what happened, or what is needed.').describe(
      'What happened, or what is needed; plain text, which the customer reads.',
    ),
    category: Id.describe('One of the categories that are offered.'),
    priority: Priority.describe('How urgent it is.'),
    requester: Id.nullable()
      .default(null)
      .describe('The contact it is for; null where it is for nobody in particular.'),
    watchers: z
      .array(Id)
      .max(WATCHER_COUNT_MAX, `At most ${WATCHER_COUNT_MAX} people can watch a ticket.`)
      .default([])
      .describe('Contacts who see it and are told of it, too.'),
    assignee: Id.nullable().default(null).describe('Who of the staff looks after it.'),
    about: About.default(null).describe('What of the customer’s Microsoft 365 it is about.'),
    files,
  })
  .openapi('StaffTicketInput')

export const TicketChangeInput = z
  .strictObject({
    subject,
    category: Id.describe('One of the categories that are offered, or the one it has.'),
    priority: Priority.describe('How urgent it is: another one’s targets count from the beginning.'),
    assignee: Id.nullable().describe('Who of the staff looks after it; null for nobody.'),
    requester: Id.nullable().describe('The contact it is for; null for nobody in particular.'),
    about: About.describe('What of the customer’s Microsoft 365 it is about.'),
  })
  .openapi('TicketChangeInput')

const text = optionalText(BODY_CHARACTERS_MAX).transform((written) => written ?? '')

export const AnswerInput = z
  .strictObject({
    text: text.describe('What the customer reads; it may be empty where files go along.'),
    files,
    next: z
      .enum(['nothing', 'wait', 'resolve'])
      .default('nothing')
      .describe('What the ticket does next: goes on, waits on the customer, or is resolved.'),
  })
  .openapi('TicketAnswerInput')

export const NoteInput = z
  .strictObject({
    text: text.describe('What staff read among themselves; it may be empty where files go along.'),
    files,
  })
  .openapi('TicketNoteInput')

export const MergerInput = z
  .strictObject({ into: Id.describe('The ticket that goes on in its place, of the same customer.') })
  .openapi('TicketMergerInput')

export const TicketOptions = z
  .object({
    categories: z.array(Category).describe('Those that are offered for new tickets.'),
    priorities: z.array(
      NamedPriority.extend({
        firstAnswerHours: z.number().nullable(),
        resolutionHours: z.number().nullable(),
      }),
    ),
    staff: z.array(Person).describe('Those whom a ticket can be given to.'),
    fileCountMax: z.number().int(),
    fileBytesMax: z.number().int(),
  })
  .openapi('StaffTicketOptions')

const presentSummary = (
  row: TicketFound['row'],
  customerName: string,
  settings: Settings,
): z.infer<typeof ListedTicketShape> => ({
  id: row.id,
  number: row.number,
  subject: row.subject,
  state: row.state,
  priority: presentPriority(settings, row.priority),
  category: { id: row.category, name: categoryOf(settings, row.category)?.name ?? row.category },
  customer: { id: row.customerId, name: customerName },
  requester: personIn(row.requester, row.requesterName),
  assignee: personIn(row.assignee, row.assigneeName),
  createdAt: new Date(row.createdAt).toISOString(),
  changedAt: new Date(row.changedAt).toISOString(),
  endedAt: isoMoment(row.endedAt),
  due:
    row.dueAt === null
      ? null
      : {
          what: row.firstAnsweredAt === null && row.dueAt === row.firstAnswerDueAt ? 'first_answer' : 'resolution',
          at: new Date(row.dueAt).toISOString(),
        },
  version: row.version,
})

export const presentListed =
  (settings: Settings) =>
  ({ ticket, customerName }: ListedTicket): z.infer<typeof ListedTicketShape> =>
    presentSummary(ticket, customerName, settings)

export const presentTicket = (found: TicketFound): z.infer<typeof StaffTicket> => {
  const { row, settings, customer, people } = found
  const requester = people.find(({ role }) => role === 'requester')
  return {
    ...presentSummary(row, customer.name, settings),
    source: row.source,
    requester:
      row.requester === null ? null : { ...named(row.requester, row.requesterName), email: requester?.email ?? null },
    raisedBy: {
      kind: row.raisedByKind === 'api_key' ? 'program' : row.raisedByKind,
      name: row.raisedByName,
    },
    assignee:
      row.assignee === null
        ? null
        : { ...named(row.assignee, row.assigneeName), isBlocked: found.assignee?.disabled !== false },
    watchers: people.flatMap(({ id, name, role }) => (role === 'watcher' ? [named(id, name)] : [])),
    about:
      row.aboutTenant === null
        ? null
        : {
            tenant: { id: row.aboutTenant, name: found.aboutTenantName },
            user: personIn(row.aboutUser, row.aboutUserName),
          },
    firstAnswerDueAt: isoMoment(row.firstAnswerDueAt),
    firstAnsweredAt: isoMoment(row.firstAnsweredAt),
    resolutionDueAt: isoMoment(row.resolutionDueAt),
    resolvedAt: isoMoment(row.resolvedAt),
    waitingSince: isoMoment(row.waitingSince),
    reopenUntil: isoMoment(row.reopenUntil),
    rating:
      row.rating === null || row.ratedAt === null
        ? null
        : { rating: row.rating, comment: row.ratingComment, at: new Date(row.ratedAt).toISOString() },
    mergedInto:
      row.mergedInto === null || found.mergedIntoNumber === null
        ? null
        : { id: row.mergedInto, number: found.mergedIntoNumber },
    request: presentRequestOf(found.request, true),
    outside:
      row.outsideSystem === null || row.outsideId === null
        ? null
        : {
            system: row.outsideSystem,
            id: row.outsideId,
            url: row.outsideUrl !== null && isWebAddress(row.outsideUrl) ? row.outsideUrl : null,
          },
  }
}

export const presentOptions = (
  settings: Settings,
  colleagues: { id: string; name: string }[],
): z.infer<typeof TicketOptions> => ({
  categories: offeredCategories(settings).map(({ id, name }) => ({ id, name })),
  priorities: settings.priorities.map(({ priority, name, firstAnswerHours, resolutionHours }) => ({
    priority,
    name,
    firstAnswerHours,
    resolutionHours,
  })),
  staff: colleagues.map(({ id, name }) => ({ id, name })),
  fileCountMax: FILE_COUNT_MAX,
  fileBytesMax: FILE_BYTES_MAX,
})

const presentPriority = (settings: Settings, priority: PriorityKey) => ({
  priority,
  name: priorityOf(settings, priority).name,
})

/** A person whose row went in the meantime is named as they were last. */
const named = (id: string, name: string | null) => ({ id, name: name ?? id })

const personIn = (id: string | null, name: string | null) => (id === null ? null : named(id, name))
