import { z } from '@hono/zod-openapi'
import { requestActors, requestEventTypes, requestStates, requestTypes } from '../../../db/shard/schema.ts'
import type { RequestDifference } from '../../../db/shard/schema.ts'
import type { PortalPerson } from '../../http/app.ts'
import { listOf, listQuery } from '../../http/paging.ts'
import { isoMoment, optionalText, requiredText } from '../../http/text.ts'
import { shows } from '../../tenancy/shown-directory.ts'
import { Details, presentDetails } from './details.schema.ts'
import { presentSteps, stepsTellHoldings } from '../tickets/index.ts'
import { RequestInput, summaryOf } from './forms/index.ts'
import type { Showing } from './forms/index.ts'
import type { ListedRequest, RequestFound, TheirRequestFound } from './request-reads.ts'

/** Why something was approved, declined or withdrawn, in a sentence or two. */
const REASON_CHARACTERS_MAX = 1_000

const Named = z.object({ id: z.string(), name: z.string() })

const summary = {
  id: z.string(),
  type: z.enum(requestTypes),
  subject: z.string().describe('What it is, in a line.'),
  state: z.enum(requestStates),
  requestedBy: Named.describe('Who asked; somebody who was deleted is named by no name.'),
  raisedByName: z.string().nullable().describe('Who wrote it down, where that is not who asked.'),
  tenant: Named.nullable(),
  personCount: z.number().int().describe('How many people it is about.'),
  firstOn: z.iso.date().nullable().describe('The first day on which something is to be done; null for soon.'),
  reason: z.string(),
  createdAt: z.iso.datetime(),
  changedAt: z.iso.datetime(),
  endedAt: z.iso.datetime().nullable(),
  awaiting: z
    .object({
      who: z.enum(['customer', 'msp']).describe('Whose approval it waits for.'),
      since: z.iso.datetime().nullable(),
      until: z.iso.datetime().nullable().describe('When it expires.'),
      names: z
        .array(z.string())
        .describe('Who can give it; in a portal, the provider’s name where it waits for the provider.'),
    })
    .nullable()
    .describe('Null while it waits for nobody’s approval.'),
  decidedBy: z
    .object({ name: z.string(), at: z.iso.datetime(), reason: z.string().nullable() })
    .nullable()
    .describe('Who approved or declined it in the end.'),
  ticket: z
    .object({ id: z.string(), number: z.number().int() })
    .nullable()
    .describe('The ticket it became when it was approved.'),
  steps: z
    .object({ total: z.number().int(), done: z.number().int() })
    .describe(
      'How much of it is done; of no steps for whoever may not know what people hold, which their number would tell.',
    ),
  version: z.number().int(),
}

export const RequestSummary = z.object(summary).openapi('ServiceRequestSummary')
export const StaffRequestSummary = z.object({ ...summary, customer: Named }).openapi('StaffServiceRequestSummary')

const Difference = z.object({
  about: z.string().describe('Whom or what it is about, by name.'),
  was: z.string(),
  is: z.string(),
})

const whole = {
  summary: z
    .array(
      z.object({
        heading: z.string().nullable(),
        lines: z.array(z.object({ label: z.string(), value: z.string() })),
      }),
    )
    .describe('What was asked for, in words: one part for the whole and one for each person.'),
  customerApproval: z
    .object({ name: z.string(), at: z.iso.datetime() })
    .nullable()
    .describe('Who of the company approved it.'),
  events: z
    .array(
      z.object({
        id: z.string(),
        type: z.enum(requestEventTypes),
        by: z.object({ kind: z.enum(requestActors), name: z.string() }),
        note: z.string().nullable().describe('A reason that was given, or the title of a step.'),
        differences: z.array(Difference).nullable().describe('What had changed when it was asked again.'),
        at: z.iso.datetime(),
      }),
    )
    .describe('What happened to it, in order.'),
  checklist: z
    .array(
      z.object({
        id: z.string(),
        title: z.string(),
        done: z.object({ at: z.iso.datetime(), by: z.string() }).nullable(),
      }),
    )
    .describe('What the provider does for it, in order; none to who may not see who holds which licence.'),
  differences: z
    .array(Difference)
    .describe('What it depends on that is not as it was when it was last looked at; none once it is decided.'),
  may: z
    .object({ approve: z.boolean(), decline: z.boolean(), withdraw: z.boolean() })
    .describe('What the reader may do with it now.'),
}

export const ServiceRequest = z
  .object({
    ...summary,
    ...whole,
    details: Details.nullable().describe('Null for who may not see who holds which licence, or addresses.'),
  })
  .openapi('ServiceRequest')
export const StaffServiceRequest = z
  .object({ ...summary, customer: Named, ...whole, details: Details })
  .openapi('StaffServiceRequest')

const view = z.enum(['awaiting', 'open', 'ended', 'all'])
const AWAITING =
  '`awaiting` are those that wait for the approval of whoever asks: in a portal the company’s own, for staff theirs.'
const ofOneForm = z.enum(requestTypes).optional().describe('Of one form.')
/** Of one company, all of them unless told otherwise. */
const ofCompany = { view: view.default('all').describe(AWAITING), type: ofOneForm }

export const RequestQuery = listQuery(['-createdAt']).extend({
  ...ofCompany,
  mine: z
    .enum(['true', 'false'])
    .default('false')
    .transform((text) => text === 'true')
    .describe('Only those that the reader asked for.'),
})
export const StaffRequestQuery = listQuery(['-createdAt']).extend({
  view: view.default('open').describe(AWAITING),
  type: ofOneForm,
  customerId: z.string().max(60).optional().describe('Of one customer.'),
})
export const CustomerRequestQuery = listQuery(['-createdAt']).extend(ofCompany)
export const RequestList = listOf(RequestSummary, 'ServiceRequestList')
export const StaffRequestList = listOf(StaffRequestSummary, 'StaffServiceRequestList')

const [newUser, offboarding, passwordReset, licenceChange, groupChange] = RequestInput.options
const requestedBy = z.string().min(1, 'Say who asks.').max(60).describe('The contact who asks, by their id.')

/** What staff write down for somebody of a customer: the same forms, and who asks. */
export const StaffRequestInput = z
  .discriminatedUnion('type', [
    newUser.extend({ requestedBy }),
    offboarding.extend({ requestedBy }),
    passwordReset.extend({ requestedBy }),
    licenceChange.extend({ requestedBy }),
    groupChange.extend({ requestedBy }),
  ])
  .openapi('StaffServiceRequestInput')

const optionalReason = optionalText(REASON_CHARACTERS_MAX)

export const ApprovalInput = z
  .strictObject({ reason: optionalReason.describe('Why; whoever asked reads it.') })
  .openapi('ServiceRequestApprovalInput')

export const RefusalInput = z
  .strictObject({
    reason: requiredText(REASON_CHARACTERS_MAX, 'Say why, so that they know.').describe('Why; whoever asked reads it.'),
  })
  .openapi('ServiceRequestRefusalInput')

export const WithdrawalInput = z
  .strictObject({ reason: optionalReason.describe('Why it is not needed any more.') })
  .openapi('ServiceRequestWithdrawalInput')

export const CompletionInput = z
  .strictObject({
    leaveOpen: z
      .boolean()
      .default(false)
      .describe('Whether it is done although steps are left, which stay as they are.'),
  })
  .openapi('ServiceRequestCompletionInput')

export const presentListed = (
  { row, ticketNumber, names }: ListedRequest,
  showsHoldings: boolean,
): z.infer<typeof RequestSummary> => ({
  id: row.id,
  type: row.type,
  subject: row.subject,
  state: row.state,
  requestedBy: { id: row.requestedBy, name: row.requesterName },
  raisedByName: row.raisedByName,
  tenant: row.details.tenant,
  personCount: row.personCount,
  firstOn: row.firstOn,
  reason: row.reason,
  createdAt: new Date(row.createdAt).toISOString(),
  changedAt: new Date(row.changedAt).toISOString(),
  endedAt: isoMoment(row.endedAt),
  awaiting:
    row.state === 'awaiting_customer' || row.state === 'awaiting_msp'
      ? {
          who: row.state === 'awaiting_customer' ? 'customer' : 'msp',
          since: isoMoment(row.awaitingSince),
          until: isoMoment(row.expiresAt),
          names,
        }
      : null,
  decidedBy:
    row.decidedAt === null
      ? null
      : { name: row.decidedByName ?? '', at: new Date(row.decidedAt).toISOString(), reason: row.decisionReason },
  ticket: row.ticketId === null || ticketNumber === null ? null : { id: row.ticketId, number: ticketNumber },
  steps: presentSteps(row, showsHoldings),
  version: row.version,
})

export const presentListedToStaff = (listed: ListedRequest): z.infer<typeof StaffRequestSummary> => ({
  ...presentListed(listed, true),
  customer: { id: listed.row.customerId, name: listed.customerName },
})

/** What a step is called, what had changed and what is given in a request tell of holdings and prices, which are not for everybody. */
const presentWhole = (found: RequestFound, showing: Showing & { showsPrices: boolean }) => ({
  summary: summaryOf(found.row.details, showing),
  customerApproval:
    found.row.customerApprovedAt === null
      ? null
      : {
          name: found.row.customerApprovedName ?? '',
          at: new Date(found.row.customerApprovedAt).toISOString(),
        },
  events: found.events
    .filter(({ type }) => showing.showsHoldings || !isOfStep(type) || !stepsTellHoldings(found.row))
    .map((event) => ({
      id: event.id,
      type: event.type,
      by: { kind: event.actorKind, name: event.actorName },
      note: showing.showsHoldings || !isOfStep(event.type) ? event.note : null,
      differences:
        showing.showsHoldings && event.differences !== null ? presentDifferences(event.differences, showing) : null,
      at: new Date(event.createdAt).toISOString(),
    })),
  checklist: (showing.showsHoldings ? found.steps : []).map((step) => ({
    id: step.id,
    title: step.title,
    done: step.doneAt === null ? null : { at: new Date(step.doneAt).toISOString(), by: step.doneByName ?? '' },
  })),
  differences: showing.showsHoldings ? presentDifferences(found.differences, showing) : [],
  may: found.may,
})

const presentDifferences = (differences: readonly RequestDifference[], { showsPrices }: { showsPrices: boolean }) =>
  differences.flatMap(({ about, was, is, isPrice }) => (isPrice && !showsPrices ? [] : [{ about, was, is }]))

const isOfStep = (type: RequestFound['events'][number]['type']) => type === 'step_done' || type === 'step_undone'

export const presentRequest = (
  found: TheirRequestFound,
  { permissions, directory }: Pick<PortalPerson, 'permissions' | 'directory'>,
): z.infer<typeof ServiceRequest> => {
  const showing = {
    showsHoldings: permissions.has('portal.licence_holders'),
    showsAddresses: shows(directory, 'mail'),
    showsPrices: found.costsShown,
  }
  return {
    ...presentListed(found, showing.showsHoldings),
    ...presentWhole(found, showing),
    details: showing.showsHoldings && showing.showsAddresses ? presentDetails(found.row.details) : null,
  }
}

export const presentRequestToStaff = (found: RequestFound): z.infer<typeof StaffServiceRequest> => ({
  ...presentListedToStaff(found),
  ...presentWhole(found, { showsHoldings: true, showsAddresses: true, showsPrices: true }),
  details: presentDetails(found.row.details),
})
