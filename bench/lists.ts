import { atMost, told } from './budget.ts'
import type { Part } from './budget.ts'
import { median, mustCall, timeOf } from './client.ts'
import type { Asked } from './client.ts'
import { costOf } from './metered.ts'
import { operationsOfContract, readOf } from './operations.ts'
import type { Operation } from './operations.ts'
import type { Msp } from './population.ts'
import type { Runtime } from './runtime.ts'

/** Rows that may come or go with the shape of an index; anything that grows with the customers is far above it. */
const growthMax = 1.1
const slownessMax = 1.5

type Question = {
  what: string
  operation: Operation
  query: string
  from: 'small' | 'middle'
  /** What there is more of in the larger one. */
  of: 'customers' | 'people'
}
export type Sizes = { small: Msp; middle: Msp; large: Msp }

const bothWays = (fields: string[]) => fields.flatMap((field) => [field, `-${field}`])
const sorts = bothWays(['name', 'contact', 'tenants', 'users', 'health', 'psaId', 'createdAt'])
const filters = ['problems=true', 'health=grey', 'portal=enabled', 'problems=true&portal=enabled']
const filteredSorts = bothWays(['name', 'users', 'health', 'createdAt'])
/** Every list of customers that is offered without a search. */
const listed = [
  ...sorts.map((sort) => `sort=${sort}&limit=20`),
  // Few, so that the small MSP, too, has a page of each health.
  ...filters.flatMap((filter) => filteredSorts.map((sort) => `${filter}&sort=${sort}&limit=5`)),
]

/** The directory of a tenant with as many people as the MSP has customers, without a search. */
const peopleListed = [
  ...bothWays(['name']).map((sort) => `sort=${sort}`),
  ...['licensed=true', 'blocked=true', 'department=Sales', 'licensed=true&blocked=true&department=Sales'].flatMap(
    (filter) => bothWays(['name']).map((sort) => `${filter}&sort=${sort}`),
  ),
]

const questions = (): Question[] => {
  const operations = operationsOfContract().filter(({ method }) => method === 'GET')
  const named = (wanted: string): Operation => {
    const found = operations.find(({ id }) => id === wanted)
    if (found === undefined) throw new Error(`The contract has no ${wanted}.`)
    return found
  }
  const [list, alike] = [named('listCustomers'), named('findCustomersAlike')]
  const directories = [named('listDirectory'), named('listCustomerUsers')]
  const reports = [named('readReport'), named('readCustomerReport')]
  const toName = named('listRequestPeople')
  const [contacts, candidates] = [named('listContactsOfAll'), named('listAccessCandidates')]
  // What answers everything it finds is asked for what is as much in an MSP of any size.
  const others = operations.filter(
    (each) =>
      each !== list &&
      each !== alike &&
      each !== candidates &&
      !directories.includes(each) &&
      !reports.includes(each) &&
      each !== toName &&
      each.access !== 'anyone',
  )
  return [
    ...listed.map((query) => question(`customers, ${query}`, list, `?${query}`)),
    question('customers found by a rare word', list, '?q=rarew'),
    // In an MSP of 100, everything is below the cap of 200 word rows: compared from where the cap holds.
    { ...question('customers found by two words', list, '?q=rareword%20dana'), from: 'middle' },
    { ...question('customers found by a word all have', list, '?q=whitf'), from: 'middle' },
    { ...question('customers found by common words', list, '?q=whitf%20offi%20dana%20exam'), from: 'middle' },
    {
      ...question('customers found by a rare word among common ones', list, '?q=office%20rareword%20dana'),
      from: 'middle',
    },
    {
      ...question('customers found by a number of many, among common ones', list, '?q=whitfield%201%20o'),
      from: 'middle',
    },
    question('customers found by a rare word, filtered', list, '?q=rarew&problems=true&sort=-contact'),
    question('customers alike by name', alike, '?name=Fabrikam%20Logistics%201'),
    question('customers alike by a domain that all have', alike, '?email=anybody@shared.example'),
    question('contacts found by a rare word of their customer', contacts, '?q=rarew'),
    { ...question('contacts found by a word all have', contacts, '?q=whitf'), from: 'middle' },
    { ...question('contacts found by common words', contacts, '?q=whitf%20offi%20dana'), from: 'middle' },
    {
      ...question('contacts found by a rare word among common ones', contacts, '?q=office%20rareword%20dana'),
      from: 'middle',
    },
    question('contacts to be reviewed, found by a rare word', candidates, '?q=rarew'),
    ...directories.flatMap((operation) => [
      // One at a time: of guests with one standing in one department there are two among a hundred people.
      ...peopleListed.map((query) => question(`${operation.id}, ${query}`, operation, `?${query}&limit=1`)),
      question(`${operation.id}, found by a rare word`, operation, '?q=rarew'),
      { ...question(`${operation.id}, found by a word all have`, operation, '?q=perso'), from: 'middle' as const },
      {
        ...question(`${operation.id}, found by a rare word among common ones`, operation, '?q=perso%20rareword'),
        from: 'middle' as const,
      },
    ]),
    // A page of a report is a thousand rows: compared from where there are as many members, and as many guests.
    ...reports.map((operation) => ({
      ...question(operation.id, operation, ''),
      from: 'middle' as const,
      of: 'people' as const,
    })),
    // Of each standing there are twenty among a hundred people: a page of fewer is full in both.
    { ...question(toName.id, toName, '?limit=10'), of: 'people' },
    ...['awaiting', 'open', 'ended', 'all'].map((view) =>
      question(`requests of all customers, ${view}`, named('listStaffRequests'), `?view=${view}&limit=20`),
    ),
    ...others.map((operation) => question(operation.id, operation, '')),
  ]
}

const question = (what: string, operation: Operation, query: string): Question => ({
  what,
  operation,
  query,
  from: 'small',
  of: 'customers',
})

/** Rows read by every list and the dashboard: as many for an MSP of 10,000 customers as for one of 100. */
export const rowsRead = async (runtime: Runtime, sizes: Sizes): Promise<Part> => {
  const lines: Part['lines'] = []
  for (const { what, operation, query, from, of } of questions()) {
    const countIn = ({ customerCount, peopleCount }: Msp) => (of === 'people' ? peopleCount : customerCount)
    const before = (await costOf(runtime, readOf(operation, sizes[from], query))).rowsRead
    const after = (await costOf(runtime, readOf(operation, sizes.large, query))).rowsRead
    const said = `${before} rows at ${countIn(sizes[from])}, ${after} at ${countIn(sizes.large)} ${of}`
    lines.push(atMost(what, after / before, growthMax, '×', said))
  }
  for (const query of listed) {
    const pages = await Promise.all(
      (['small', 'large'] as const).map((size) => secondPage(runtime, sizes[size], query)),
    )
    const [before = 0, after = 0] = await Promise.all(
      pages.map(async (asked) => (await costOf(runtime, asked)).rowsRead),
    )
    lines.push(
      atMost(`customers, ${query}, second page`, after / before, growthMax, '×', `${before} rows, then ${after}`),
    )
  }
  return { lines }
}

const secondPage = async (runtime: Runtime, msp: Msp, query: string): Promise<Asked> => {
  const list = operationsOfContract().find(({ id }) => id === 'listCustomers')
  if (list === undefined) throw new Error('The contract has no listCustomers.')
  const first = readOf(list, msp, `?${query}`)
  const { nextCursor } = JSON.parse((await mustCall(runtime.client, first)).body.toString()) as { nextCursor: string }
  return readOf(list, msp, `?${query}&cursor=${nextCursor}`)
}

/** How long the same lists take, one request of each size in turn. */
export const slowness = async (runtime: Runtime, sizes: Sizes, timesEach: number): Promise<Part> => {
  const lines: Part['lines'] = []
  const figures: Record<string, { small: number; large: number }> = {}
  const wanted = questions().filter(({ operation: { id }, what }) =>
    id === 'listCustomers' ? !what.includes('-') : id === 'readDashboard',
  )
  for (const { what, operation, query, from } of wanted) {
    const [before, after] = [readOf(operation, sizes[from], query), readOf(operation, sizes.large, query)]
    const times: { before: number[]; after: number[] } = { before: [], after: [] }
    for (let turn = -5; turn < timesEach; turn += 1) {
      const pair = { before: await timeOf(runtime.client, before), after: await timeOf(runtime.client, after) }
      if (turn < 0) continue // warming up
      times.before.push(pair.before)
      times.after.push(pair.after)
    }
    const [small, large] = [median(times.before), median(times.after)]
    figures[what] = { small, large }
    const said = `p50 ${small.toFixed(1)} ms at ${sizes[from].customerCount}, ${large.toFixed(1)} ms at ${sizes.large.customerCount}`
    lines.push(atMost(what, large / small, slownessMax, '×', said))
  }
  lines.push(told('requests timed per list and size', String(timesEach)))
  return { lines, figures }
}
