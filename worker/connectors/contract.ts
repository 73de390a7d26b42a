import { describe, expect, it } from 'vitest'
import { ConnectorFault } from './connector.ts'
import type { Directory, DirectoryUserChange } from './directory.ts'

/** What a vendor is made to do in a test, in our words; each adapter's stage plays it in that vendor's wire format. */
export type DirectoryScene =
  /** A full read gives these people, page by page; a page may be empty. Afterwards nothing changes. */
  | { kind: 'people'; pages: ScenePage[] }
  /** One person, `a`, with everything filled in; afterwards the vendor says only that their job title is now `jobTitle`. */
  | { kind: 'job_title_changes'; jobTitle: string }
  /** A full read gives one person; every cursor out of it has expired when it is used. */
  | { kind: 'cursors_expire' }
  /** The vendor says that an expired cursor was sent, even to a read that sent none. */
  | { kind: 'everything_expired' }
  /** A page of one person that names neither a next page nor an end. */
  | { kind: 'broken_off' }
  /** Every list goes on at a host that is not the vendor's. */
  | { kind: 'next_page_elsewhere' }
  /** Every list goes on at the very page that was asked for. */
  | { kind: 'next_page_again' }
  | { kind: 'throttled'; retryAfterSeconds: number }
  | { kind: 'no_json' }
  | { kind: 'other_shape' }
  | { kind: 'redirected' }
  | { kind: 'not_allowed' }
  | { kind: 'not_signed_in' }
  | { kind: 'out_of_order' }
  | { kind: 'unreachable' }
  | { kind: 'slow' }

export type ScenePage = { userIds: string[]; removedIds?: string[] }

export type StagedDirectory = {
  directory: Directory
  /** The hosts that were spoken to so far. */
  hostsAsked(): string[]
  /** The hosts that the Directory was told to speak to. */
  ownHosts: string[]
  /** What must never show in a fault. */
  secrets: string[]
}

/** What every Directory keeps to, whoever the vendor is. */
export function directoryContract(name: string, stage: (scene: DirectoryScene) => StagedDirectory): void {
  describe(`${name} keeps to the contract of a Directory`, () => {
    it('reads everybody, since an empty page is not the last', async () => {
      const { directory } = stage({
        kind: 'people',
        pages: [{ userIds: [] }, { userIds: ['a', 'b'] }, { userIds: [] }, { userIds: ['c'] }],
      })
      const read = await readAll(directory)
      expect(read.users.map((user) => user.id)).toEqual(['a', 'b', 'c'])
      expect(read.end).toBe('done')
    })

    it('leaves nothing open about a person in a full read', async () => {
      const { directory } = stage({ kind: 'people', pages: [{ userIds: ['a'] }] })
      const read = await readAll(directory)
      const person = read.users.at(0)
      expect(person).toMatchObject({ id: 'a' })
      for (const property of [
        'mail',
        'jobTitle',
        'department',
        'businessPhone',
        'mobilePhone',
        'isGuest',
        'createdAt',
        'skuIds',
      ]) {
        expect(person, property).toHaveProperty(property)
      }
    })

    it('hands on a person who comes again on a later page', async () => {
      const { directory } = stage({ kind: 'people', pages: [{ userIds: ['a', 'b'] }, { userIds: ['a'] }] })
      const read = await readAll(directory)
      expect(read.users.map((user) => user.id)).toEqual(['a', 'b', 'a'])
    })

    it('names a person once a page, however often the vendor does', async () => {
      const { directory } = stage({ kind: 'people', pages: [{ userIds: ['a', 'b', 'a'], removedIds: ['b', 'z'] }] })
      const read = await readAll(directory)
      expect(read.users.map((user) => user.id)).toEqual(['a'])
      expect(read.removedIds).toEqual(['b', 'z'])
    })

    it('goes on from the end of a full read and finds nothing changed', async () => {
      const { directory } = stage({ kind: 'people', pages: [{ userIds: ['a'] }] })
      const { cursor } = await readAll(directory)
      const changes = await readAll(directory, cursor)
      expect(changes).toMatchObject({ users: [], removedIds: [], end: 'done' })
    })

    it('leaves absent what a change does not tell', async () => {
      const { directory } = stage({ kind: 'job_title_changes', jobTitle: 'Head of Sales' })
      const { cursor } = await readAll(directory)
      const changes = await readAll(directory, cursor)
      expect(changes.users).toEqual([{ id: 'a', jobTitle: 'Head of Sales' }])
    })

    it('says when a cursor has expired', async () => {
      const { directory } = stage({ kind: 'cursors_expire' })
      const { cursor } = await readAll(directory)
      expect(cursor).toBeDefined()
      expect(await directory.users(cursor)).toEqual({ kind: 'expired' })
    })

    it('takes a cursor that it cannot have made for an expired one, and sends it nowhere', async () => {
      const { directory, hostsAsked } = stage({ kind: 'people', pages: [{ userIds: ['a'] }] })
      for (const cursor of [
        '',
        'nonsense',
        'https://elsewhere.example/v1.0/users',
        'full https://elsewhere.example/v1.0/users',
      ]) {
        expect(await directory.users(cursor), cursor).toEqual({ kind: 'expired' })
        expect(await directory.signIns(cursor), cursor).toEqual({ kind: 'expired' })
        expect(await directory.managers(cursor), cursor).toEqual({ kind: 'expired' })
        expect(await directory.groups(cursor), cursor).toEqual({ kind: 'expired' })
      }
      expect(hostsAsked()).toEqual([])
    })

    it('never answers "expired" to a read that only begins, which would begin for ever', async () => {
      const { directory } = stage({ kind: 'everything_expired' })
      for (const read of [directory.users, directory.signIns, directory.managers, directory.groups])
        expect(await faultOf(read(undefined))).toMatchObject({ kind: 'rejected' })
    })

    it('keeps what came and claims no end when the vendor names none', async () => {
      const { directory } = stage({ kind: 'broken_off' })
      const read = await readAll(directory)
      expect(read.users).toHaveLength(1)
      expect(read).toMatchObject({ end: 'broken_off', cursor: undefined })
    })

    it('refuses a next page elsewhere, and sends nothing there', async () => {
      const { directory, hostsAsked, ownHosts } = stage({ kind: 'next_page_elsewhere' })
      for (const [reading, read] of pagedReadings(directory)) {
        expect(await faultOf(read()), reading).toMatchObject({ kind: 'rejected' })
      }
      expect(ownHosts).toEqual(expect.arrayContaining(hostsAsked()))
    })

    it('stops at a next page that has been read already', async () => {
      const { directory } = stage({ kind: 'next_page_again' })
      for (const [reading, read] of pagedReadings(directory)) {
        expect(await faultOf(read()), reading).toMatchObject({ kind: 'rejected' })
      }
    })

    const failures: [DirectoryScene, Partial<ConnectorFault>][] = [
      [
        { kind: 'throttled', retryAfterSeconds: 17 },
        { kind: 'throttled', retryAfterSeconds: 17 },
      ],
      [{ kind: 'no_json' }, { kind: 'rejected' }],
      [{ kind: 'other_shape' }, { kind: 'rejected' }],
      [{ kind: 'redirected' }, { kind: 'rejected' }],
      [{ kind: 'not_allowed' }, { kind: 'unauthorized' }],
      [{ kind: 'not_signed_in' }, { kind: 'unauthorized' }],
      [{ kind: 'out_of_order' }, { kind: 'down' }],
      [{ kind: 'unreachable' }, { kind: 'down' }],
      [{ kind: 'slow' }, { kind: 'down' }],
    ]
    for (const [scene, expected] of failures) {
      it(`turns "${scene.kind}" into a fault of the kind ${expected.kind}, with words and without secrets`, async () => {
        const { directory, secrets, hostsAsked, ownHosts } = stage(scene)
        for (const [reading, read] of readings(directory)) {
          const fault = await faultOf(read())
          expect(fault, reading).toMatchObject(expected)
          expect(fault.message, reading).toMatch(/^[A-Z].+\.( \(.+\))?$/)
          for (const secret of secrets) expect(fault.message, reading).not.toContain(secret)
        }
        expect(ownHosts).toEqual(expect.arrayContaining(hostsAsked()))
      })
    }
  })
}

type Reading = [name: string, read: () => Promise<unknown>]

function readings(directory: Directory): Reading[] {
  return [
    ['organisation', () => directory.organisation()],
    ['users', () => directory.users(undefined)],
    ['seats', () => directory.seats()],
    ['subscriptions', () => directory.subscriptions()],
    ['securityScores', () => directory.securityScores(90)],
    ['securityAlerts', () => directory.securityAlerts()],
    ['serviceHealth', () => directory.serviceHealth()],
    ['signIns', () => directory.signIns(undefined)],
    ['managers', () => directory.managers(undefined)],
    ['groups', () => directory.groups(undefined)],
    ['mailboxPurpose', () => directory.mailboxPurpose('a')],
    ['scoreControls', () => directory.scoreControls()],
    ['serviceIssues', () => directory.serviceIssues(0)],
  ]
}

/** An organisation is one thing, and so is a mailbox: they have no next page. */
function pagedReadings(directory: Directory): Reading[] {
  return readings(directory).filter(([name]) => name !== 'organisation' && name !== 'mailboxPurpose')
}

/** Reads to the end; a read that does not end within a thousand pages fails the test. */
async function readAll(directory: Directory, from?: string) {
  const users: DirectoryUserChange[] = []
  const removedIds: string[] = []
  let cursor = from
  for (let pageCount = 0; pageCount < 1000; pageCount += 1) {
    const page = await directory.users(cursor)
    if (page.kind === 'expired') throw new Error('the cursor expired in the middle of a read')
    users.push(...page.users)
    removedIds.push(...page.removedIds)
    cursor = page.next.kind === 'broken_off' ? undefined : page.next.cursor
    if (page.next.kind !== 'more') return { users, removedIds, end: page.next.kind, cursor }
  }
  throw new Error('the read did not end')
}

async function faultOf(reading: Promise<unknown>): Promise<ConnectorFault> {
  const outcome = await reading.then(
    () => 'an answer',
    (error: unknown) => error,
  )
  if (outcome instanceof ConnectorFault) return outcome
  throw new Error('expected a ConnectorFault', { cause: outcome })
}
