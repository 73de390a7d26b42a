/** Words about what an account manager looks at across customers. */
import type { MatterKind } from '../api/shapes.ts'
import { count, date, money, number, relative } from './format.ts'

export const matters = {
  title: 'Licences',
  lead: 'What to look at across all customers.',
  loading: 'What to look at',
  failed: 'What to look at could not be loaded',
  all: 'See all',
  allOf: (title: string) => `See all: ${title}`,
  more: 'Show more',
  wholeList: 'The whole list, in its order',
  shown: (n: number) => `${count(n, 'row', 'rows')} shown`,
  names: {
    renewals: 'Renewals in the next 90 days',
    over_used: 'More seats used than bought',
    lost_consents: 'Lost consents',
    idle: 'Idle seats worth the most',
    idle_unpriced: 'Idle seats without a price',
  } satisfies Record<MatterKind, string>,
  notes: {
    renewals: null,
    over_used: null,
    lost_consents: null,
    idle: 'No sign-in for 90 days or more, or sign-in blocked. By your price list, for a year; what a customer has agreed is not looked at.',
    idle_unpriced:
      'No sign-in for 90 days or more, or sign-in blocked. The most first, as no list price is known for them.',
  } satisfies Record<MatterKind, string | null>,
  none: {
    renewals: 'Nothing renews in the next 90 days.',
    over_used: 'Nobody uses more seats than were bought.',
    lost_consents: 'Every tenant lets us read it.',
    idle: 'No seats with a list price are known to be idle for 90 days or more.',
    idle_unpriced: 'None.',
  } satisfies Record<MatterKind, string>,
  toPrices: 'Enter list prices',
  inTenant: (name: string) => `in ${name}`,
  seats: (n: number) => count(n, 'seat', 'seats'),
  due: (at: string) => `${relative(at)}, ${date(at)}`,
  over: (n: number) => `${number(n)} over`,
  idle: (n: number) => `${number(n)} idle`,
  aYear: (minor: number, currency: string) => `${money(minor, currency)} a year`,
  lost: (at: string, isApp: boolean) =>
    isApp ? `App registration removed ${relative(at)}, ${date(at)}` : `Consent lost ${relative(at)}, ${date(at)}`,
  mend: 'Connect again',
  mendOf: (tenant: string, customer: string) => `Connect ${tenant} of ${customer} again`,
}
