import type { Account } from '../cast.ts'
import { bits, fraction, guidFrom, pick, seedOf } from '../random.ts'
import { givenNames, guestCompanies, offices, surnames, workplaces } from './names.ts'
import { licencesOf } from './licence-plan.ts'

export type Person = {
  index: number
  id: string
  displayName: string
  givenName: string
  surname: string
  userPrincipalName: string
  mail: string | null
  mailNickname: string
  jobTitle: string | null
  department: string | null
  officeLocation: string | null
  businessPhones: string[]
  mobilePhone: string | null
  preferredLanguage: string | null
  usageLocation: string
  userType: 'Member' | 'Guest'
  accountEnabled: boolean
  createdDateTime: string
  /** Null: never signed in. */
  lastSignInDateTime: string | null
  /** What the mailbox is for. */
  mailboxPurpose: 'user' | 'shared'
  skuIds: string[]
}

/** What a tenant's people are generated from. */
export type Population = {
  tenantId: string
  domain: string
  userCount: number
  accounts: readonly Account[]
  /** Dates are counted back from here. */
  bornAt: Date
}

const daySeconds = 86_400
const salt = {
  kind: 1,
  blocked: 2,
  workplace: 3,
  title: 4,
  phone: 5,
  mobile: 6,
  office: 7,
  created: 8,
  signIn: 9,
  guest: 10,
  language: 11,
  mailbox: 12,
  manager: 13,
  id: 20,
  mask: 30,
} as const

/**
 * The person at a place in the tenant. The first places belong to the tenant's named accounts; any place beyond the
 * population's size is a person too, which is how people are added.
 */
export function personAt(population: Population, index: number): Person {
  const seed = seedOf(population.tenantId)
  const account = population.accounts[index]
  const base = account === undefined ? generated(population, seed, index) : named(population, seed, index, account)
  return { ...base, skuIds: licencesOf(population, base) }
}

/** The directory id of the person at a place; the place can be read back from it. */
export function personId(tenantId: string, index: number): string {
  const seed = seedOf(tenantId)
  const masked = (index ^ bits(seed, 0, salt.mask)) >>> 0
  return guidFrom([bits(seed, index, salt.id), bits(seed, index, salt.id + 1), bits(seed, index, salt.id + 2), masked])
}

/** The place of the person with this id, or undefined when no such person could exist in the tenant. */
export function personIndex(tenantId: string, id: string): number | undefined {
  const wanted = id.toLowerCase()
  const index = (Number.parseInt(wanted.slice(-8), 16) ^ bits(seedOf(tenantId), 0, salt.mask)) >>> 0
  return personId(tenantId, index) === wanted ? index : undefined
}

const teamSize = 8

/**
 * Who leads the person at a place, by their place: in each department everybody but the first is led by somebody before them, and
 * the first by whoever leads it all. Guests have nobody, and a few are not said to have anybody.
 */
export function managerPlace({ tenantId, accounts, userCount }: Population, index: number): number | undefined {
  const seed = seedOf(tenantId)
  const first = accounts.length
  const leads = (place: number) => !isGuestAt(seed, place) && isEnabledAt(seed, place)
  let head = first
  while (head < userCount && !leads(head)) head += 1
  if (head >= userCount || index === head) return undefined
  if (index < first) return head
  if (isGuestAt(seed, index) || fraction(seed, index, salt.manager) < 0.02) return undefined
  const { department } = pick(workplaces, seed, index, salt.workplace)
  for (let place = first + Math.floor((index - first) / teamSize); place > head; place -= 1) {
    const isOfDepartment = pick(workplaces, seed, place, salt.workplace).department === department
    if (place < index && isOfDepartment && leads(place)) return place
  }
  return head
}

function isGuestAt(seed: number, index: number): boolean {
  return fraction(seed, index, salt.kind) < 0.05
}

function isEnabledAt(seed: number, index: number): boolean {
  return fraction(seed, index, salt.blocked) >= 0.03
}

type Unlicensed = Omit<Person, 'skuIds'>

function named(population: Population, seed: number, index: number, account: Account): Unlicensed {
  const [givenName = account.name, ...rest] = account.name.split(' ')
  return {
    index,
    id: personId(population.tenantId, index),
    displayName: account.name,
    givenName,
    surname: rest.join(' '),
    userPrincipalName: account.email,
    mail: account.email,
    mailNickname: account.email.split('@')[0] ?? account.email,
    jobTitle: account.jobTitle,
    department: account.isAdmin ? 'IT' : null,
    officeLocation: 'Main office',
    businessPhones: [landline(seed, index)],
    mobilePhone: null,
    preferredLanguage: 'en-GB',
    usageLocation: 'GB',
    userType: 'Member',
    accountEnabled: true,
    createdDateTime: daysBefore(population.bornAt, 900 + index),
    lastSignInDateTime: daysBefore(population.bornAt, 1, 3600 * (index + 1)),
    mailboxPurpose: 'user',
  }
}

function generated(population: Population, seed: number, index: number): Unlicensed {
  const { givenName, surname, round } = nameAt(seed, index)
  const isGuest = isGuestAt(seed, index)
  const accountEnabled = isEnabledAt(seed, index)
  const workplace = pick(workplaces, seed, index, salt.workplace)
  const local = `${plain(givenName)}.${plain(surname)}${round === 0 ? '' : String(round + 1)}`
  const company = pick(guestCompanies, seed, index, salt.guest)
  const mail = isGuest ? `${local}@${company}` : `${local}@${population.domain}`
  const createdDaysAgo = 20 + (bits(seed, index, salt.created) % 1800)
  return {
    index,
    id: personId(population.tenantId, index),
    displayName: `${givenName} ${surname}`,
    givenName,
    surname,
    userPrincipalName: isGuest ? `${local}_${company}#EXT#@${population.domain}` : mail,
    mail,
    mailNickname: isGuest ? `${local}_${company}#EXT#` : local,
    jobTitle: isGuest ? null : pick(workplace.jobTitles, seed, index, salt.title),
    department: isGuest ? null : workplace.department,
    officeLocation: isGuest ? null : pick(offices, seed, index, salt.office),
    businessPhones: isGuest || fraction(seed, index, salt.phone) < 0.4 ? [] : [landline(seed, index)],
    mobilePhone: isGuest || fraction(seed, index, salt.mobile) < 0.45 ? null : mobile(seed, index),
    preferredLanguage: fraction(seed, index, salt.language) < 0.5 ? null : 'en-GB',
    usageLocation: 'GB',
    userType: isGuest ? 'Guest' : 'Member',
    accountEnabled,
    createdDateTime: daysBefore(population.bornAt, createdDaysAgo),
    lastSignInDateTime: lastSignIn(population, seed, index, accountEnabled),
    // Of many who have left, the mailbox is kept for those who took over.
    mailboxPurpose: !isGuest && !accountEnabled && fraction(seed, index, salt.mailbox) < 0.4 ? 'shared' : 'user',
  }
}

/**
 * Walks all pairs of names once before any comes twice: a step that shares no factor with the number of pairs visits
 * each pair exactly once per round. So user names are unique without remembering them.
 */
function nameAt(seed: number, index: number): { givenName: string; surname: string; round: number } {
  const pairCount = givenNames.length * surnames.length
  const place = (index * 7919 + (seed % pairCount)) % pairCount
  return {
    givenName: givenNames[place % givenNames.length] ?? givenNames[0],
    surname: surnames[Math.floor(place / givenNames.length)] ?? surnames[0],
    round: Math.floor(index / pairCount),
  }
}

function lastSignIn(population: Population, seed: number, index: number, enabled: boolean): string | null {
  const chance = fraction(seed, index, salt.signIn)
  if (chance < 0.03) return null
  const daysAgo = chance < 0.12 || !enabled ? 45 + Math.floor(chance * 2000) : Math.floor(chance * 9)
  return daysBefore(population.bornAt, daysAgo, bits(seed, index, salt.signIn + 100) % daySeconds)
}

/** Numbers in the ranges that Ofcom keeps free for drama. */
function landline(seed: number, index: number): string {
  return `+44 1632 960${String(bits(seed, index, salt.phone) % 1000).padStart(3, '0')}`
}

function mobile(seed: number, index: number): string {
  return `+44 7700 900${String(bits(seed, index, salt.mobile) % 1000).padStart(3, '0')}`
}

function plain(name: string): string {
  return name.toLowerCase().replaceAll(/[^a-z]/g, '')
}

function daysBefore(moment: Date, days: number, seconds = 0): string {
  const time = Math.floor(moment.getTime() / 1000) - days * daySeconds - seconds
  return new Date(time * 1000).toISOString().replace('.000Z', 'Z')
}
