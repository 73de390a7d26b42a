import { z } from '@hono/zod-openapi'
import { ticketRatings } from '../../../db/shard/schema.ts'
import { listQuery } from '../../http/paging.ts'
import { isoMoment, optionalText, requiredLine, requiredText } from '../../http/text.ts'
import { BODY_CHARACTERS_MAX, Priority, SUBJECT_CHARACTERS_MAX, State } from './conversation.schema.ts'
import { WATCHER_COUNT_MAX } from './conversation.ts'
import type { TicketRow } from './conversation.ts'
import { FILE_BYTES_MAX, FILE_COUNT_MAX } from './files.ts'
import type { TheirTicket, TicketOptionsRead } from './portal-tickets.ts'
import { RequestShape, isTakenBack, isUnderWay, presentRequestOf } from './request-of-ticket.ts'
import { categoryNameOf, offeredCategories, priorityOf } from './settings.ts'
import type { Settings } from './settings.ts'
import { mayBeReopened } from './standing.ts'
import { ticketViews } from './ticket-list.ts'

const COMMENT_CHARACTERS_MAX = 1_000
const Id = z.string().min(1).max(60)
const flagText = z.enum(['true', 'false']).transform((text) => text === 'true')
const fileIds = z
  .array(Id)
  .max(FILE_COUNT_MAX, `At most ${FILE_COUNT_MAX} files at once.`)
  .default([])
  .describe('Files that this person uploaded and has not sent yet, by their ids.')

export const RaiseTicketInput = z
  .strictObject({
    subject: requiredLine(SUBJECT_CHARACTERS_MAX, 'Say in a few words what it is about.').describe(
      'What it is about, in a few words.',
    ),
    description: requiredText(BODY_CHARACTERS_MAX, 'Describe what you need.').describe('Plain text.'),
    category: Id.describe('One of the categories that are offered, by its id.'),
    priority: Priority.default('normal').describe('How urgent it is.'),
    requester: Id.optional().describe(
      'The colleague whom it is for, by the contact’s id; portal admins only. Left out, it is for whoever writes.',
    ),
    watchers: z
      .array(Id)
      .max(WATCHER_COUNT_MAX, `At most ${WATCHER_COUNT_MAX} people can watch a ticket.`)
      .default([])
      .describe('Colleagues who follow it, by their ids; portal admins only.'),
    files: fileIds,
  })
  .openapi('RaiseTicketInput')

export const TicketCommentInput = z
  .strictObject({
    text: optionalText(BODY_CHARACTERS_MAX).describe('Plain text; it may be left out where files go along.'),
    files: fileIds,
  })
  .openapi('TicketCommentInput')

export const TicketRatingInput = z
  .strictObject({
    rating: z.enum(ticketRatings).describe('Whether they are satisfied.'),
    comment: optionalText(COMMENT_CHARACTERS_MAX).describe('What they have to say about it.'),
  })
  .openapi('TicketRatingInput')

export const PortalTicketQuery = listQuery(['attention']).extend({
  view: z
    .enum(ticketViews)
    .default('open')
    .describe('Those that are open, that wait on the customer, that are resolved or closed, or all.'),
  mine: flagText.optional().describe('`true`: only those that this person asked for or watches.'),
  q: z
    .string()
    .max(200)
    .optional()
    .describe('A number such as #1042, or words of the subject; at least two characters.'),
})

const named = z.object({ id: z.string(), name: z.string() })
const moment = z.iso.datetime()

const listed = {
  id: z.string(),
  number: z.number().int().describe('What people name it by, such as #1042.'),
  subject: z.string(),
  state: State,
  priority: z.object({ key: Priority, name: z.string().describe('In words for customers.') }),
  category: named,
  requester: named.nullable().describe('Whom it is for; null where it is for nobody in particular.'),
  isMine: z.boolean().describe('Whether it is for whoever reads this.'),
  waitsOnYou: z.boolean().describe('Whether the MSP waits for an answer.'),
  createdAt: moment,
  changedAt: moment,
  endedAt: moment.nullable().describe('When it was resolved or closed.'),
  version: z.number().int(),
}

export const PortalTicketEntry = z.object(listed).openapi('PortalTicketEntry')

export const PortalTicketList = z
  .object({
    items: z.array(PortalTicketEntry),
    nextCursor: z.string().nullable(),
    truncated: z
      .boolean()
      .describe('The search found more than is looked through: not all that fit are listed. Narrow it.'),
  })
  .openapi('PortalTicketList')

export const PortalTicket = z
  .object({
    ...listed,
    raisedBy: z.object({
      kind: z.enum(['contact', 'staff', 'program', 'system', 'outside']),
      name: z.string(),
    }),
    assigneeName: z.string().nullable().describe('Who of the MSP looks after it.'),
    watchers: z.array(named),
    seenBy: z
      .object({
        people: z.array(
          named.extend({
            because: z.enum(['requester', 'watcher', 'portal_admin']).describe('The rule that lets them.'),
            canSignIn: z
              .boolean()
              .describe('Whether they can sign in; whoever cannot sees nothing of it for now, and is mailed nothing.'),
          }),
        ),
        morePortalAdminCount: z.number().int().describe('How many portal admins more see it, who are not named here.'),
      })
      .describe('Who of the company can see this ticket, beside the MSP’s staff.'),
    rating: z.object({ rating: z.enum(ticketRatings), comment: z.string().nullable(), at: moment }).nullable(),
    reopenUntil: moment.nullable().describe('Until when it can be opened again; null while it is open.'),
    mergedInto: z
      .object({ id: z.string(), number: z.number().int(), subject: z.string() })
      .nullable()
      .describe('The ticket that goes on in its place, where this person sees it.'),
    request: RequestShape,
    canComment: z.boolean(),
    canClose: z.boolean(),
    canReopen: z.boolean(),
    canRate: z.boolean(),
    canChangeWatchers: z.boolean().describe('Whether this person may add and remove watchers.'),
  })
  .openapi('PortalTicket')

export const TicketOptions = z
  .object({
    categories: z.array(named),
    priorities: z.array(z.object({ priority: Priority, name: z.string() })).describe('The least urgent first.'),
    colleagues: z.array(named).describe('By name; none for those who are not portal admins.'),
    fileCountMax: z.number().int(),
    fileBytesMax: z.number().int(),
  })
  .openapi('TicketOptions')

export const presentOptions = ({ settings, colleagues }: TicketOptionsRead): z.infer<typeof TicketOptions> => ({
  categories: offeredCategories(settings).map(({ id, name }) => ({ id, name })),
  priorities: settings.priorities.map(({ priority, customerName }) => ({ priority, name: customerName })),
  colleagues: colleagues.map(({ id, name }) => ({ id, name })),
  fileCountMax: FILE_COUNT_MAX,
  fileBytesMax: FILE_BYTES_MAX,
})

export const presentPortalTicketEntry =
  (settings: Settings, readerId: string) =>
  (row: TicketRow): z.infer<typeof PortalTicketEntry> => ({
    id: row.id,
    number: row.number,
    subject: row.subject,
    state: row.state,
    priority: { key: row.priority, name: priorityOf(settings, row.priority).customerName },
    category: { id: row.category, name: categoryNameOf(settings, row.category) },
    requester: row.requester === null ? null : { id: row.requester, name: row.requesterName ?? '' },
    isMine: row.requester === readerId,
    waitsOnYou: row.state === 'waiting_on_customer',
    createdAt: new Date(row.createdAt).toISOString(),
    changedAt: new Date(row.changedAt).toISOString(),
    endedAt: isoMoment(row.endedAt),
    version: row.version,
  })

export const presentPortalTicket = ({
  row,
  settings,
  people,
  admins,
  mergedInto,
  request,
  reader,
  at,
}: TheirTicket): z.infer<typeof PortalTicket> => {
  const isRequesterOrAdmin = reader.isPortalAdmin || row.requester === reader.contactId
  const known = new Set(people.map(({ id }) => id))
  const shown = new Set(admins.shown.map(({ id }) => id))
  return {
    ...presentPortalTicketEntry(settings, reader.contactId)(row),
    raisedBy: { kind: row.raisedByKind === 'api_key' ? 'program' : row.raisedByKind, name: row.raisedByName },
    assigneeName: row.assigneeName,
    watchers: people.filter(({ role }) => role === 'watcher').map(({ id, name }) => ({ id, name })),
    seenBy: {
      people: [
        ...people.map(({ id, name, role, canSignIn }) => ({ id, name, because: role, canSignIn })),
        ...admins.shown
          .filter(({ id }) => !known.has(id))
          .map(({ id, name }) => ({ id, name, because: 'portal_admin' as const, canSignIn: true })),
      ],
      morePortalAdminCount:
        admins.count - admins.shown.length - people.filter(({ id, seesAll }) => seesAll && !shown.has(id)).length,
    },
    rating:
      row.rating === null
        ? null
        : { rating: row.rating, comment: row.ratingComment, at: new Date(row.ratedAt ?? row.changedAt).toISOString() },
    reopenUntil: isoMoment(row.reopenUntil),
    mergedInto,
    // Who may know what people hold, which a portal admin need not, is asked on the request's own page.
    request: presentRequestOf(request, false),
    canComment: row.state !== 'closed' && (row.state !== 'resolved' || mayBeReopened(row, at)),
    canClose: row.state !== 'closed' && !isUnderWay(request),
    canReopen: row.mergedInto === null && !isTakenBack(request) && mayBeReopened(row, at),
    canRate: row.endedAt !== null && row.mergedInto === null && isRequesterOrAdmin,
    canChangeWatchers: reader.isPortalAdmin,
  }
}
