import { z } from '@hono/zod-openapi'
import { requestTypes } from '../../../../db/shard/schema.ts'
import { listOf, listQuery } from '../../../http/paging.ts'
import { lastDayFrom } from './dates.ts'
import { PEOPLE_MAX, fieldKinds, fieldsOf } from './fields.ts'
import type { Field, Shape } from './fields.ts'
import { formOf } from './any-form.ts'
import type { RequestType } from './any-form.ts'
import { EARLIEST_DAY } from './own-fields.ts'
import type { FormInForce } from './own-fields.ts'
import type { Policy } from '../../../tenancy/policy.ts'

export const FormField = z
  .object({
    key: z.string().describe('The field of the request; of a question of the MSP’s own, its id among `answers`.'),
    kind: z.enum(fieldKinds),
    label: z.string(),
    help: z.string(),
    isRequired: z.boolean(),
    isOwn: z.boolean().describe('A question of the MSP’s own.'),
    options: z.array(z.object({ value: z.string(), label: z.string(), needsUser: z.boolean() })),
    lengthMax: z.number().int().nullable(),
    min: z.number().int().nullable(),
    max: z.number().int().nullable(),
    firstDay: z.iso.date().nullable().describe('Of a day that is asked for, the first that is taken.'),
    lastDay: z.iso.date().nullable().describe('And the last.'),
  })
  .openapi('RequestFormField')

export const RequestForms = z
  .object({
    items: z.array(
      z
        .object({
          type: z.enum(requestTypes),
          title: z.string(),
          intro: z.string(),
          check: z
            .enum(['none', 'msp', 'customer_and_msp'])
            .describe('Whose approval it waits for before anything is done.'),
          checkWords: z.string().describe('The same in a sentence.'),
          fields: z.array(FormField).describe('Of the whole request, in order.'),
          peopleMin: z.number().int(),
          peopleMax: z.number().int(),
          personFields: z.array(FormField).describe('Of each person, in order.'),
        })
        .openapi('RequestForm'),
    ),
  })
  .openapi('RequestForms')

export const RequestPeopleQuery = listQuery(['name']).extend({
  q: z.string().max(100).optional().describe('At least two letters or digits of a name, or of what else is shown.'),
  tenantId: z.string().max(60).optional().describe('The people of one Microsoft 365 environment alone.'),
  guests: z
    .enum(['true', 'false'])
    .default('false')
    .transform((text) => text === 'true')
    .describe('Guests among the others, where this portal shows guests.'),
})

const person = {
  id: z.string().describe('As Microsoft has it.'),
  tenantId: z.string(),
  name: z.string(),
  address: z.string().nullable().describe('Null where the directory does not show it.'),
  department: z.string().nullable().describe('Null where the directory does not show it.'),
  isBlocked: z.boolean().nullable().describe('Whether they cannot sign in; null where the directory does not show it.'),
  isGuest: z.boolean(),
}

export const RequestPerson = z.object(person).openapi('RequestPerson')
export const RequestPeople = z
  .object({
    items: z.array(RequestPerson),
    nextCursor: z.string().nullable(),
    truncated: z.boolean().describe('Whether a search found more than it read.'),
  })
  .openapi('RequestPeople')

const named = z.object({ id: z.string(), name: z.string() })
const namedUser = z.object({ id: z.string(), name: z.string(), address: z.string().nullable() })

export const RequestHoldings = z
  .object({
    id: z.string(),
    tenantId: z.string(),
    name: z.string(),
    licences: z.array(named).nullable().describe('Null for whoever does not see who holds which licence.'),
    groups: z.array(named).nullable().describe('Null for whoever does not see who holds which licence.'),
    manager: namedUser
      .nullable()
      .describe('Null, too, for whoever does not see it in the directory and may not say that somebody leaves.'),
    manages: z
      .array(namedUser)
      .describe(
        'Whose manager they are, as far as Microsoft tells; none for whoever is not told their manager either.',
      ),
    sharedMailboxes: z
      .array(namedUser)
      .describe(
        'Those of the environment, for whoever may say that somebody leaves: Microsoft does not tell who opens which.',
      ),
  })
  .openapi('RequestHoldings')

export const RequestOptionsQuery = z.strictObject({
  tenantId: z.string().max(60).optional().describe('Of one Microsoft 365 environment alone.'),
  on: z.iso.date().optional().describe('The day of which free seats are told; today if it is left out.'),
})

export const RequestGroupsQuery = listQuery(['name']).extend({
  q: z.string().max(100).optional().describe('Part of a name, or of an address where the directory shows addresses.'),
  tenantId: z.string().max(60).optional().describe('The groups of one Microsoft 365 environment alone.'),
})

export const RequestGroup = z
  .object({
    id: z.string().describe('As Microsoft has it.'),
    name: z.string(),
    tenantId: z.string(),
    kind: z.enum(['distribution', 'microsoft_365']),
    mail: z.string().nullable().describe('Null where the directory does not show addresses.'),
    memberCount: z.number().int(),
  })
  .openapi('RequestGroup')

export const RequestGroups = listOf(RequestGroup, 'RequestGroups')

export const RequestOptions = z
  .object({
    today: z.iso.date().describe('In the time zone of the MSP: the first day that can be chosen.'),
    lastDay: z.iso.date().describe('The last day that can be chosen.'),
    tenants: z.array(named),
    licences: z.array(
      z.object({
        skuId: z.string(),
        name: z.string(),
        tenantId: z.string(),
        isFree: z.boolean().describe('Free of charge.'),
        boughtCount: z.number().int().nullable().describe('Null for whoever does not see figures of licences.'),
        assignedCount: z.number().int().nullable(),
        freeCount: z
          .number()
          .int()
          .nullable()
          .describe(
            'On that day, with what requests that are under way take and give. Less than 0 where it is not enough.',
          ),
        price: z
          .object({ amountMinor: z.number().int(), per: z.enum(['month', 'year']), currency: z.string() })
          .nullable()
          .describe('Of a seat; null where there is none, or it is not shown.'),
      }),
    ),
    groups: z.array(RequestGroup).describe('The first 1,000 by name; none for whom no form asks for a group.'),
    hasMoreGroups: z.boolean().describe('Whether there are more groups; `…/request-groups` finds them all.'),
  })
  .openapi('RequestOptions')

/** A request that is not finished: any part may be missing, or wrong. */
export const RequestDraft = z
  .looseObject({ type: z.enum(requestTypes).describe('Which form; everything else as in the request itself.') })
  .openapi('ServiceRequestDraft')

const remark = z.object({ pointer: z.string(), detail: z.string() })

export const RequestCheck = z
  .object({
    errors: z.array(remark).describe('What would be refused, each field once.'),
    warnings: z
      .array(remark)
      .describe('What is taken, but worth a second look: an address that somebody has, missing seats.'),
    summary: z
      .array(
        z.object({
          heading: z.string().nullable(),
          lines: z.array(z.object({ label: z.string(), value: z.string() })),
        }),
      )
      .nullable()
      .describe('What would be asked for, in words; null while something would be refused.'),
  })
  .openapi('RequestCheck')

export type Check = 'none' | 'msp' | 'customer_and_msp'

const checkWords: Record<Check, string> = {
  none: 'Your IT provider does this without asking anybody else.',
  msp: 'Your IT provider checks this first.',
  customer_and_msp: 'A portal admin of your company checks this first, then your IT provider.',
}

/** Who checks it before anything is done. Nobody approves what they asked for themselves: where nobody else could, it goes straight on. */
export const checkOf = (
  { modes, customerApproves }: Pick<Policy, 'modes' | 'customerApproves'>,
  type: RequestType,
  hasOtherApprovers: boolean,
): Check => {
  if (modes[type] === 'direct') return 'none'
  return customerApproves && hasOtherApprovers ? 'customer_and_msp' : 'msp'
}

export const presentForm = (type: RequestType, inForce: FormInForce, check: Check, today: string) => {
  const { title, intro, whole, person: each, peopleMin } = formOf(type)
  return {
    type,
    title,
    intro,
    check,
    checkWords: checkWords[check],
    fields: presentFields(whole, inForce, { isEach: false, today }),
    peopleMin,
    peopleMax: PEOPLE_MAX,
    personFields: presentFields(each, inForce, { isEach: true, today }),
  }
}

const presentFields = (
  shape: Shape,
  { fields, hidden, helps }: FormInForce,
  { isEach, today }: { isEach: boolean; today: string },
) => [
  ...fieldsOf(shape)
    .filter(({ key }) => !hidden.has(key))
    .map((one) => ({ ...presentField(one, today), help: helps[one.key] ?? one.help, isOwn: false })),
  ...fields
    .filter((one) => one.isEach === isEach)
    .map(({ id, kind, label, help, isRequired, options }) => ({
      key: id,
      kind: kind === 'person' ? ('user' as const) : kind,
      label,
      help,
      isRequired,
      isOwn: true,
      options: options.map((option) => ({ value: option, label: option, needsUser: false })),
      lengthMax: kind === 'text' ? 2_000 : null,
      min: null,
      max: null,
      ...(kind === 'date' ? { firstDay: EARLIEST_DAY, lastDay: lastDayFrom(today) } : noDays),
    })),
]

const noDays = { firstDay: null, lastDay: null }

/** As it is told; which days a date may be, only on a day. */
export const presentField = (
  { key, kind, label, isRequired, options, lengthMax, min, max }: Field,
  today: string | undefined,
) => ({
  key,
  kind,
  label,
  isRequired,
  options: options.map(({ value, label: shown, needsUser = false }) => ({ value, label: shown, needsUser })),
  lengthMax,
  min,
  max,
  ...(kind === 'date' && today !== undefined ? { firstDay: today, lastDay: lastDayFrom(today) } : noDays),
})
