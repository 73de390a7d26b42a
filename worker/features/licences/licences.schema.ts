import { z } from '@hono/zod-openapi'
import { pricePeriods } from '../../../db/shard/schema.ts'
import { listQuery } from '../../http/paging.ts'
import { optionalLine } from '../../http/text.ts'

const moment = z.iso.datetime().nullable()
const count = z.number().int()
const minor = z.number().int()

/** No seat costs more than this in a year, whatever the currency: a slip of the keyboard does. */
const AMOUNT_MINOR_MAX = 100_000_000

const seats = {
  boughtCount: count,
  assignedCount: count,
  availableCount: count.describe('Bought and not assigned, in each tenant by itself.'),
  overCount: count.describe('Assigned beyond what was bought; free seats in another tenant do not mend it.'),
  suspendedCount: count.describe('Seats that Microsoft has suspended, which are not among those bought.'),
}

export const SeatPrice = z
  .object({
    amountMinor: minor.describe('For one seat, in the smallest unit of the currency: pence, cents.'),
    per: z.enum(pricePeriods),
    isOwn: z.boolean().describe('Agreed with this customer, in place of the list price.'),
  })
  .openapi('SeatPrice')

const Idle = z
  .object({
    days30Count: count.describe('Held by somebody who has not signed in for 30 days or more, or who cannot sign in.'),
    days60Count: count.describe('The same for 60 days or more; they are among those of 30.'),
    days90Count: count.describe('The same for 90 days or more; they are among those of 60.'),
    blockedCount: count.describe('Held by somebody whose sign-in is blocked; they are in each of the figures above.'),
    unknownCount: count.describe('Of which it is not known when their holders last signed in.'),
  })
  .openapi('IdleSeats')

export const Licence = z
  .object({
    skuId: z.string(),
    name: z.string(),
    ...seats,
    isFree: z.boolean().describe('A free or trial licence, which is hidden unless asked for.'),
    asOf: moment,
    tenants: z
      .array(z.object({ tenantId: z.string(), name: z.string(), ...seats, asOf: moment }))
      .describe('The same in each tenant that has it.'),
    idle: Idle.nullable().describe('Seats that nobody seems to use; null for those who may not see who holds them.'),
    price: SeatPrice.nullable()
      .optional()
      .describe('What a seat costs, null where no price is known; left out where costs are not shown.'),
  })
  .openapi('Licence')

export const Renewal = z
  .object({
    skuId: z.string(),
    name: z.string(),
    tenantId: z.string(),
    tenantName: z.string(),
    seatCount: count,
    isTrial: z.boolean(),
    at: z.iso.datetime(),
  })
  .openapi('Renewal')

const Costs = z
  .object({
    currency: z.string(),
    perYearMinor: minor.describe('What all that was bought costs in a year, in the smallest unit of the currency.'),
    perMonthMinor: minor.describe('A twelfth of that, rounded.'),
    perPersonPerMonthMinor: minor.nullable().describe('Over all who hold a seat; null while nobody does.'),
    unpricedCount: count.describe('How many licences are not in it, since no price is known for them.'),
  })
  .openapi('LicenceCosts')

const shown = {
  asOf: moment.describe('The oldest of what is shown; null while nothing was read yet.'),
  tenants: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      state: z.enum(['syncing', 'connected', 'consent_lost']),
      asOf: moment,
      stateSince: moment.describe('Since when it cannot be read; null while it can.'),
      signInsAsOf: moment.describe('When it was last read who signed in when; null: never.'),
      signInsUnknown: z
        .enum(['permission', 'licence'])
        .nullable()
        .describe('Why Microsoft does not tell who signed in when; null while it does, or was not asked yet.'),
    }),
  ),
  items: z.array(Licence),
  hiddenCount: count.describe('Free and trial licences that were left out.'),
}

export const CustomerLicences = z
  .object({ ...shown, renewals: z.array(Renewal), costs: Costs, costsShown: z.boolean() })
  .openapi('CustomerLicences')

export const PortalLicences = z
  .object({
    ...shown,
    renewals: z
      .array(Renewal)
      .nullable()
      .describe('What ends or renews, soonest first; null for those who may not see it.'),
    costs: Costs.optional().describe('Left out where costs are not shown to this person.'),
    mayRequest: z.boolean().describe('Whether this person may ask for more seats.'),
    seesHolders: z.boolean().describe('Whether this person may see who holds a seat.'),
  })
  .openapi('PortalLicences')

export const LicencesQuery = z.strictObject({
  free: z
    .literal('true')
    .transform(() => true)
    .optional()
    .describe('With free and trial licences, too.'),
})

export const HolderQuery = listQuery(['name'])
  .extend({
    tenantId: z.string().max(60).optional().describe('The holders in this tenant only.'),
    idleDays: z
      .enum(['30', '60', '90'])
      .optional()
      .describe('Only those who have not signed in for so many days, or cannot sign in.'),
  })
  .openapi('HolderQuery')

export const Holder = z
  .object({
    id: z.string(),
    tenantId: z.string(),
    name: z.string(),
    userPrincipalName: z.string().nullable().describe('Null where the directory does not show mail.'),
    signInAllowed: z
      .boolean()
      .nullable()
      .describe(
        'False for somebody who cannot sign in and holds a seat all the same; null where the directory does not show it.',
      ),
    mailbox: z
      .enum(['shared', 'room', 'equipment'])
      .optional()
      .describe('A mailbox that is nobody’s own, as far as Microsoft told; not there for people.'),
    signInKnown: z
      .boolean()
      .optional()
      .describe('False: nothing is known of when they last signed in. Left out where the directory does not show it.'),
    lastSignInAt: moment
      .optional()
      .describe(
        'Null where Microsoft knows of no sign-in, or nothing is known; left out where the directory does not show it.',
      ),
    idleDays: count
      .nullable()
      .describe(
        '30, 60 or 90: for so long, or longer, they have not signed in. Null while they do, or it is not known.',
      ),
  })
  .openapi('SeatHolder')
export const HolderList = z
  .object({
    items: z.array(Holder),
    nextCursor: z.string().nullable(),
    notListedCount: count.describe(
      'Guests who hold such a seat as well and are on no page, since the directory does not show guests.',
    ),
  })
  .openapi('SeatHolderList')

export const Usage = z
  .object({
    skuId: z.string(),
    name: z.string(),
    days: z
      .array(z.object({ day: z.iso.date(), boughtCount: count, assignedCount: count }))
      .describe(
        'One figure a day over all tenants, oldest first; at most 365. Days before the first reading are left out.',
      ),
  })
  .openapi('LicenceUsage')

const amount = z
  .number()
  .int('Enter a whole number of the smallest unit.')
  .min(0, 'A price is not negative.')
  .max(AMOUNT_MINOR_MAX, 'That is more than any seat costs.')

const PriceInput = z.strictObject({
  amountMinor: amount.describe('For one seat, in the smallest unit of the MSP’s currency.'),
  per: z.enum(pricePeriods).describe('What the price of a seat is for: a month or a year.'),
})

export const SkuInput = z
  .strictObject({
    name: optionalLine(120).describe('What customers read; null for Microsoft’s own name.'),
    price: PriceInput.nullable().default(null).describe('The list price of a seat; null for none.'),
  })
  .openapi('SkuInput')

export const KnownSku = z
  .object({
    skuId: z.string(),
    partNumber: z.string(),
    name: z.string().describe('What people read: the MSP’s own name, else Microsoft’s.'),
    ownName: z.string().nullable(),
    microsoftName: z.string(),
    price: z
      .object({ amountMinor: minor, per: z.enum(pricePeriods), currency: z.string() })
      .nullable()
      .describe('One in another currency than the MSP’s counts for nothing until it is entered anew.'),
    isFree: z.boolean(),
    version: z.number().int(),
  })
  .openapi('KnownSku')

export const KnownSkus = z
  .object({ currency: z.string(), items: z.array(KnownSku), nextCursor: z.null() })
  .openapi('KnownSkus')

export const LicenceTermsInput = z
  .strictObject({
    costsShown: z.boolean().describe('Whether portal admins see what licences cost.'),
    prices: z
      .array(
        PriceInput.extend({ skuId: z.string().min(1).max(60).describe('Which licence, by Microsoft’s id of it.') }),
      )
      .max(200, 'At most 200 prices.')
      .describe('Where this customer pays something else than the list price.'),
  })
  .openapi('LicenceTermsInput')

export const LicenceTerms = z
  .object({
    costsShown: z.boolean(),
    currency: z.string(),
    prices: z.array(
      z.object({ skuId: z.string(), amountMinor: minor, per: z.enum(pricePeriods), currency: z.string() }),
    ),
    version: z.number().int(),
  })
  .openapi('LicenceTerms')
