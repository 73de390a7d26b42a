import type { directoryAttributes, userChangeKinds } from '../../../db/shard/schema.ts'
import { dayOf } from '../../days.ts'
import { counted } from '../../figures.ts'
import { momentCell } from '../../http/cells.ts'
import type { Cell } from '../../http/cells.ts'
import { shows } from '../../tenancy/shown-directory.ts'
import type { ShownDirectory } from '../../tenancy/shown-directory.ts'
import type { shownUser } from '../directory/index.ts'
import { decimalsOf, inUnits } from '../licences/index.ts'
import type { readLicences, ShownAccount } from '../licences/index.ts'

export const reportKinds = ['users', 'licences', 'seats', 'renewals', 'changes', 'security', 'tickets'] as const
export type ReportKind = (typeof reportKinds)[number]

/** `width` is in characters; numbers stand to the right, with as many decimals as are said, else as many as they have. */
export type Column = { title: string; width: number; isNumber: boolean; decimals?: number }

/** What a report is called, which is also what its sheet and its file are. */
export const reportTitles: Record<ReportKind, string> = {
  users: 'Users',
  licences: 'Licences',
  seats: 'Who holds which licence',
  renewals: 'Renewals',
  changes: 'Changes',
  security: 'Security summary',
  tickets: 'Tickets',
}

const text = (title: string, width: number): Column => ({ title, width, isNumber: false })
const figure = (title: string, width = 11): Column => ({ title, width, isNumber: true })
const amount = (title: string, currency: string, width: number): Column => ({
  ...figure(`${title} (${currency})`, width),
  decimals: decimalsOf(currency),
})

type ShownUser = ReturnType<typeof shownUser>
/** What a list shows of people; groups and managers are read of one person at a time. */
type Attribute = Exclude<(typeof directoryAttributes)[number], 'groups' | 'manager'>

const mailboxWords = { shared: 'Shared mailbox', room: 'Room', equipment: 'Equipment' }

const attributes: Record<Attribute, { column: Column; cell: (user: ShownUser, timeZone: string) => Cell }> = {
  mail: { column: text('Mail', 36), cell: (user) => user.mail ?? null },
  jobTitle: { column: text('Job title', 28), cell: (user) => user.jobTitle ?? null },
  department: { column: text('Department', 22), cell: (user) => user.department ?? null },
  businessPhone: { column: text('Phone', 20), cell: (user) => user.businessPhone ?? null },
  mobilePhone: { column: text('Mobile', 20), cell: (user) => user.mobilePhone ?? null },
  licences: { column: text('Licences', 44), cell: (user) => user.licences?.join(', ') ?? null },
  signInAllowed: {
    column: text('Sign-in', 14),
    cell: (user) => signInCell(user),
  },
  lastSignIn: {
    column: text('Last sign-in', 14),
    cell: ({ lastSignIn }, timeZone) => {
      if (lastSignIn?.isKnown !== true) return 'Not known'
      return lastSignIn.at === null ? 'Never' : dayOf(Date.parse(lastSignIn.at), timeZone)
    },
  },
}

const listed = (shown: ShownDirectory) =>
  shown.attributes.flatMap((attribute) =>
    attribute === 'groups' || attribute === 'manager' ? [] : [attributes[attribute]],
  )

/** One column for each attribute that is shown, and who is a guest where guests are. */
export const userColumns = (shown: ShownDirectory): Column[] => [
  text('Name', 30),
  ...listed(shown).map(({ column }) => column),
  ...(shown.showsGuests ? [text('Guest', 8)] : []),
  text('Organisation', 24),
]

export const userCells = (user: ShownUser, shown: ShownDirectory, tenantName: string, timeZone: string): Cell[] => [
  user.name,
  ...listed(shown).map(({ cell }) => cell(user, timeZone)),
  ...(shown.showsGuests ? [user.isGuest ? 'Yes' : 'No'] : []),
  tenantName,
]

type Licences = Pick<Awaited<ReturnType<typeof readLicences>>, 'items' | 'costs'>
type Licence = Licences['items'][number]

/** With what it costs where that is shown at all. */
export const licenceColumns = (currency: string | undefined): Column[] => [
  text('Licence', 40),
  figure('Bought'),
  figure('In use'),
  figure('Free'),
  figure('Too many'),
  ...(currency === undefined ? [] : [amount('Price', currency, 14), text('Per', 8), amount('A year', currency, 16)]),
  text('As of', 18),
]

export const licenceCells = (licence: Licence, currency: string | undefined, timeZone: string): Cell[] => [
  licence.name,
  licence.boughtCount,
  licence.assignedCount,
  licence.availableCount,
  licence.overCount,
  ...(currency === undefined ? [] : priceCells(licence, currency)),
  momentCell(licence.asOf === null ? null : Date.parse(licence.asOf), timeZone),
]

const priceCells = ({ price, boughtCount, isFree }: Licence, currency: string): Cell[] => {
  if (price === undefined || price === null) return [null, null, null]
  const yearMinor = price.amountMinor * (price.per === 'month' ? 12 : 1) * boughtCount
  return [inUnits(price.amountMinor, currency), price.per, isFree ? null : inUnits(yearMinor, currency)]
}

/** Of holders' accounts the columns that the directory shows. */
export const seatColumns = (shown: ShownDirectory): Column[] => [
  text('Licence', 40),
  text('Name', 30),
  ...(shows(shown, 'mail') ? [text('Signs in as', 38)] : []),
  ...(shows(shown, 'signInAllowed') ? [text('Sign-in', 16)] : []),
  text('Organisation', 24),
]

type Seat = ShownAccount & { licence: string; name: string; tenantName: string }

export const seatCells = (seat: Seat, shown: ShownDirectory): Cell[] => [
  seat.licence,
  seat.name,
  ...(shows(shown, 'mail') ? [seat.userPrincipalName] : []),
  ...(shows(shown, 'signInAllowed') ? [signInCell(seat)] : []),
  seat.tenantName,
]

/** Guests who hold seats where the directory does not show guests, in one row for all of them. */
export const guestsNotListed = (count: number): Pick<Seat, 'name' | keyof ShownAccount> => ({
  name: `${counted(count, 'guest', 'guests')}, not listed`,
  userPrincipalName: null,
  signInAllowed: null,
})

/** A mailbox that is nobody's own is called what it is, and not blocked. */
function signInCell({ signInAllowed, mailbox }: Pick<ShownUser, 'mailbox'> & { signInAllowed?: boolean | null }): Cell {
  if (signInAllowed === undefined || signInAllowed === null) return null
  if (signInAllowed) return 'Allowed'
  return mailbox === undefined ? 'Blocked' : mailboxWords[mailbox]
}

export const renewalColumns: Column[] = [
  text('Ends or renews', 14),
  text('Licence', 40),
  figure('Seats'),
  text('Kind', 10),
  text('Organisation', 24),
]

type Renewal = { at: string; name: string; seatCount: number; isTrial: boolean; tenantName: string }

export const renewalCells = (renewal: Renewal, timeZone: string): Cell[] => [
  dayOf(Date.parse(renewal.at), timeZone),
  renewal.name,
  renewal.seatCount,
  renewal.isTrial ? 'Trial' : 'Paid',
  renewal.tenantName,
]

type ChangeKind = (typeof userChangeKinds)[number]

export const changeWords: Record<ChangeKind, string> = {
  joined: 'Joined',
  left: 'Left',
  blocked: 'Sign-in blocked',
  unblocked: 'Sign-in allowed again',
  licence_given: 'Licence given',
  licence_taken: 'Licence taken',
}

export const changeColumns: Column[] = [
  text('Day', 12),
  text('Name', 30),
  text('What happened', 24),
  text('Detail', 40),
  text('Organisation', 24),
]

export const securityColumns: Column[] = [
  text('Part', 28),
  text('What', 60),
  text('State', 24),
  figure('Points'),
  figure('Of'),
  text('Since', 12),
]

export const dayCell = (at: number | null, timeZone: string): Cell => (at === null ? null : dayOf(at, timeZone))
