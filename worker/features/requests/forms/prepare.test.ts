import { beforeAll, describe, expect, it } from 'vitest'
import {
  groupMembers,
  licenceTerms,
  requestForms,
  requestFormOverlays,
  requestSeats,
  requestSteps,
  seatCounts,
  serviceRequests,
  tenantGroups,
  tenantUsers,
} from '../../../../db/shard/schema.ts'
import type { OwnField } from '../../../../db/shard/schema.ts'
import { Problem } from '../../../http/problem.ts'
import type { CustomerScope } from '../../../tenancy/scope.ts'
import { newContact, newCustomer, newMsp, newPortal, newTenant, newUser } from '../../../test/stage.ts'
import type { StagedCustomer } from '../../../test/stage.ts'
import { differencesOf } from './facts.ts'
import { RequestInput } from './input.schema.ts'
import { factsNow, prepare } from './prepare.ts'
import { summaryOf } from './summary.ts'

const TODAY = '2026-11-18'
const NONE = '00000000-0000-4000-8000-000000000000'

/** A licence of a tenant, by the id that Microsoft gives it. */
const licence = async (
  customer: CustomerScope,
  tenantId: string,
  more: { id: string; skuPartNumber: string; boughtCount: number; assignedCount: number },
) => {
  const tenant = customer.forTenant(tenantId)
  await tenant.record(tenant.add(seatCounts, { suspendedCount: 0, status: 'enabled', hidden: false, asOf: 1, ...more }))
}

const group = async (customer: CustomerScope, tenantId: string, displayName: string, members: string[]) => {
  const id = crypto.randomUUID()
  const tenant = customer.forTenant(tenantId)
  await tenant.record(
    tenant.add(tenantGroups, {
      id,
      kind: 'distribution',
      displayName,
      description: null,
      mail: null,
      seenInRead: 'stage',
    }),
    tenant.addAll(
      groupMembers,
      members.map((member) => ({ id: member, groupId: id, kind: 'user' as const })),
    ),
  )
  return id
}

/** Fabrikam: Tom and Priya with E3, of which one seat is free, a shared mailbox, a blocked account, a guest; and a stranger next door. */
const newCompany = async () => {
  const msp = await newMsp()
  const portal = await newPortal(await newCustomer(msp, 'Fabrikam Dental'))
  const customer = msp.scope.forCustomer(portal.customerId)
  const tenantId = (await newTenant(portal, { name: 'Fabrikam' })).id
  const E3 = crypto.randomUUID()
  const E5 = crypto.randomUUID()
  await licence(customer, tenantId, { id: E3, skuPartNumber: 'SPE_E3', boughtCount: 3, assignedCount: 2 })
  await licence(customer, tenantId, { id: E5, skuPartNumber: 'SPE_E5', boughtCount: 1, assignedCount: 0 })
  const person = (displayName: string, more: object = {}) => newUser(portal, tenantId, { displayName, ...more })
  const tom = await person('Tom Okafor', {
    skuIds: [E3],
    mail: 'tom@fabrikam.example',
    userPrincipalName: 'tom@fabrikam.example',
  })
  const priya = await person('Priya Nair', { skuIds: [E3], managerId: tom })
  const blocked = await person('Ben Ito', { signInAllowed: false })
  const guest = await person('Gail Guest', { isGuest: true })
  const mailbox = await person('Reception', { signInAllowed: false, mailboxPurpose: 'shared' })
  const staffGroup = await group(customer, tenantId, 'All staff', [tom, priya])
  const stranger = await somebodyElse(await newCustomer(msp, 'Next door'))
  return { msp, portal, customer, tenantId, E3, E5, tom, priya, blocked, guest, mailbox, staffGroup, stranger }
}

/** Another customer's person, licence, group and tenant. */
const somebodyElse = async (other: StagedCustomer) => {
  const customer = other.msp.scope.forCustomer(other.customerId)
  const tenantId = (await newTenant(other, { name: 'Next door' })).id
  const skuId = crypto.randomUUID()
  await licence(customer, tenantId, { id: skuId, skuPartNumber: 'SPE_F1', boughtCount: 9, assignedCount: 0 })
  const userId = await newUser(other, tenantId, { displayName: 'Eve Next', skuIds: [skuId] })
  return { userId, tenantId, skuId, groupId: await group(customer, tenantId, 'Theirs', [userId]) }
}

type Company = Awaited<ReturnType<typeof newCompany>>
let company: Company
beforeAll(async () => {
  company = await newCompany()
})

const shown = { today: TODAY, seesHolders: true, seesGuests: true }
const read = (body: object) => RequestInput.parse(body)
const prepared = (body: object, on: Company = company) => prepare(on.customer, read(body), shown)

/** The pointers at which an input is refused, whether by its shape or by what the company has. */
const faultsOf = async (body: object, on: Company = company): Promise<string[]> => {
  const shape = RequestInput.safeParse(body)
  if (!shape.success) return shape.error.issues.map(({ path }) => `/${path.map(String).join('/')}`)
  try {
    await prepare(on.customer, shape.data, shown)
    return []
  } catch (error) {
    if (!(error instanceof Problem) || error.code !== 'invalid') throw error
    return (error.errors ?? []).map(({ pointer }) => pointer)
  }
}

const anna = (more: object = {}) => ({ givenName: 'Anna', familyName: 'Meyer', startsOn: '2026-12-01', ...more })
const newUserOf = (...people: object[]) => ({ type: 'new_user', people })
const leaver = (userId: string, more: object = {}) => ({
  userId,
  lastDay: '2026-11-30',
  mailbox: { does: 'close' },
  files: { does: 'keep' },
  ...more,
})
const offboardingOf = (...people: object[]) => ({ type: 'offboarding', people })

describe('A new user', () => {
  it('comes to names, a seat from their first day on, what it depends on and what is to be done', async () => {
    const { E5, tom, tenantId, staffGroup } = company
    const { details, ...more } = await prepared(
      newUserOf(anna({ address: 'Anna.Meyer@Fabrikam.example', skuIds: [E5], managerId: tom, likeUserId: tom })),
    )
    expect(details).toMatchObject({
      type: 'new_user',
      tenant: { id: tenantId, name: 'Fabrikam' },
      people: [
        {
          givenName: 'Anna',
          address: 'anna.meyer@fabrikam.example',
          manager: { id: tom, name: 'Tom Okafor', address: 'tom@fabrikam.example' },
          licences: [{ name: 'Microsoft 365 E5' }],
          like: { id: tom },
          likeLicences: [{ name: 'Microsoft 365 E3' }],
          likeGroups: [{ id: staffGroup, name: 'All staff' }],
        },
      ],
    })
    expect(more).toMatchObject({
      subject: 'New user: Anna Meyer',
      aboutTenant: tenantId,
      personCount: 1,
      firstOn: '2026-12-01',
      reason: '',
      category: null,
      facts: { people: { [tom]: { state: 'there' } }, addresses: { 'anna.meyer@fabrikam.example': 'free' } },
      steps: [
        'Create the account of Anna Meyer (anna.meyer@fabrikam.example), ready on 1 December 2026',
        'Give Anna Meyer a seat of Microsoft 365 E5',
        'Give Anna Meyer a seat of Microsoft 365 E3',
        'Add Anna Meyer to All staff',
        'Set Tom Okafor as the manager of Anna Meyer',
        'Tell Anna Meyer how to sign in for the first time',
      ],
    })
    expect(more.seats.map(({ skuId, takenCount, fromOn, untilOn }) => [skuId, takenCount, fromOn, untilOn])).toEqual([
      [company.E5, 1, '2026-12-01', null],
      [company.E3, 1, '2026-12-01', null],
    ])
  })

  it('who stays for a while gives their seat back, and several are one request', async () => {
    const { E3 } = company
    const { subject, seats, facts, firstOn, steps } = await prepared(
      newUserOf(
        anna({ skuIds: [E3], endsOn: '2027-01-31' }),
        anna({ givenName: 'Ben', startsOn: '2026-11-20', skuIds: [E3] }),
      ),
    )
    expect([subject, firstOn]).toEqual(['New user: Anna Meyer and 1 more', '2026-11-20'])
    expect(seats.map(({ untilOn }) => untilOn)).toEqual(['2027-01-31', null])
    expect(facts.licences[E3]?.missingSeatCount).toBe(1)
    expect(steps).toContain('End the access of Anna Meyer after 31 January 2027')
  })

  it.each(['tom@fabrikam.example', 'TOM@Fabrikam.Example'])(
    'whose address is somebody’s, %s, is told of it',
    async (address) => {
      const { facts } = await prepared(newUserOf(anna({ address })))
      expect(facts.addresses).toEqual({ 'tom@fabrikam.example': 'taken' })
    },
  )

  it('keeps script as the text that it is', async () => {
    const script = '<img src=x onerror=alert(1)>'
    const { details, subject } = await prepared({
      ...newUserOf(anna({ givenName: script, jobTitle: script, department: script, phone: script })),
      reason: script,
    })
    expect(subject).toBe(`New user: ${script} Meyer`)
    expect(summaryOf(details)[1]?.lines).toContainEqual({ label: 'Job title', value: script })
  })

  it('has no environment where the company has none', async () => {
    const msp = await newMsp()
    const customer = msp.scope.forCustomer((await newCustomer(msp)).customerId)
    expect(await prepare(customer, read(newUserOf(anna())), shown)).toMatchObject({ aboutTenant: null, seats: [] })
  })

  it('says which environment where there are several', async () => {
    const own = await newCompany()
    const other = (await newTenant(own.portal, { name: 'Fabrikam North' })).id
    expect(await faultsOf(newUserOf(anna()), own)).toEqual(['/tenantId'])
    expect((await prepared({ ...newUserOf(anna()), tenantId: other }, own)).aboutTenant).toBe(other)
    expect((await prepared(newUserOf(anna({ managerId: own.tom })), own)).aboutTenant).toBe(own.tenantId)
    expect(await faultsOf({ ...newUserOf(anna({ managerId: own.tom })), tenantId: other }, own)).toEqual([
      '/people/0/managerId',
    ])
  })
})

describe('A request is refused at its field', () => {
  it.each<[string, (of: Company) => object, string[]]>([
    [
      'a user of another customer',
      ({ stranger }) => newUserOf(anna({ managerId: stranger.userId })),
      ['/people/0/managerId'],
    ],
    [
      'a pattern of another customer',
      ({ stranger }) => newUserOf(anna({ likeUserId: stranger.userId })),
      ['/people/0/likeUserId'],
    ],
    [
      'a SKU of another customer',
      ({ stranger, E3 }) => newUserOf(anna({ skuIds: [E3, stranger.skuId] })),
      ['/people/0/skuIds/1'],
    ],
    [
      'a group of another customer',
      ({ stranger }) => newUserOf(anna({ groupIds: [stranger.groupId] })),
      ['/people/0/groupIds/0'],
    ],
    [
      'a tenant of another customer',
      ({ stranger }) => ({ ...newUserOf(anna()), tenantId: stranger.tenantId }),
      ['/tenantId'],
    ],
    ['a made-up user', () => newUserOf(anna({ managerId: NONE })), ['/people/0/managerId']],
    ['an end before its start', () => newUserOf(anna({ endsOn: '2026-11-30' })), ['/people/0/endsOn']],
    ['a start in 1970', () => newUserOf(anna({ startsOn: '1970-01-01' })), ['/people/0/startsOn']],
    ['a start in 9999', () => newUserOf(anna({ startsOn: '9999-12-31' })), ['/people/0/startsOn']],
    ['an end in 9999', () => newUserOf(anna({ endsOn: '9999-12-31' })), ['/people/0/endsOn']],
    ['a day that is none', () => newUserOf(anna({ startsOn: '2026-02-30' })), ['/people/0/startsOn']],
    ['500 people', () => newUserOf(...Array.from({ length: 500 }, () => anna())), ['/people']],
    ['nobody', () => newUserOf(), ['/people']],
    ['one licence twice', ({ E3 }) => newUserOf(anna({ skuIds: [E3, E3.toUpperCase()] })), ['/people/0/skuIds/1']],
    [
      'one address for two',
      () => newUserOf(anna({ address: 'a@b.example' }), anna({ address: 'A@b.example' })),
      ['/people/1/address'],
    ],
    ['an answer to nothing', () => newUserOf(anna({ answers: { shoe: '44' } })), ['/people/0/answers/shoe']],
    [
      'a password',
      ({ tom }) => ({ type: 'password_reset', people: [{ userId: tom, reachedBy: 'in_person', password: 'x' }] }),
      ['/people/0'],
    ],
    [
      'a reset for a guest',
      ({ guest }) => ({ type: 'password_reset', people: [{ userId: guest, reachedBy: 'in_person' }] }),
      ['/people/0/userId'],
    ],
    [
      'a reset by phone without a number',
      ({ tom }) => ({ type: 'password_reset', people: [{ userId: tom, reachedBy: 'phone' }] }),
      ['/people/0/phone'],
    ],
    [
      'a reset for somebody else’s user',
      ({ stranger }) => ({ type: 'password_reset', people: [{ userId: stranger.userId, reachedBy: 'in_person' }] }),
      ['/people/0/userId'],
    ],
    ['somebody who leaves twice', ({ tom }) => offboardingOf(leaver(tom), leaver(tom)), ['/people/1/userId']],
    [
      'a mailbox for nobody',
      ({ tom }) => offboardingOf(leaver(tom, { mailbox: { does: 'share' } })),
      ['/people/0/mailbox/toUserId'],
    ],
    [
      'a mailbox for whoever leaves',
      ({ tom }) => offboardingOf(leaver(tom, { mailbox: { does: 'share', toUserId: tom } })),
      ['/people/0/mailbox/toUserId'],
    ],
    [
      'files for somebody else’s user',
      ({ tom, stranger }) => offboardingOf(leaver(tom, { files: { does: 'give', toUserId: stranger.userId } })),
      ['/people/0/files/toUserId'],
    ],
    [
      'a licence that they do not hold',
      ({ tom, E5 }) => offboardingOf(leaver(tom, { licences: [{ skuId: E5, does: 'keep' }] })),
      ['/people/0/licences/0/skuId'],
    ],
    [
      'a seat for nobody',
      ({ tom, E3 }) => offboardingOf(leaver(tom, { licences: [{ skuId: E3, does: 'give' }] })),
      ['/people/0/licences/0/toUserId'],
    ],
    [
      'a group that they are not in',
      ({ tom, stranger }) => offboardingOf(leaver(tom, { groups: [{ groupId: stranger.groupId }] })),
      ['/people/0/groups/0/groupId'],
    ],
    [
      'somebody whom they do not manage',
      ({ tom, priya }) => offboardingOf(leaver(priya, { manages: [{ userId: tom }] })),
      ['/people/0/manages/0/userId'],
    ],
    [
      'a person as a shared mailbox',
      ({ tom, priya }) => offboardingOf(leaver(tom, { sharedMailboxes: [{ userId: priya }] })),
      ['/people/0/sharedMailboxes/0/userId'],
    ],
    [
      'a last day that is over',
      ({ tom }) => offboardingOf(leaver(tom, { lastDay: '2026-11-17' })),
      ['/people/0/lastDay'],
    ],
    [
      'neither a seat nor a person',
      ({ E3 }) => ({ type: 'licence_change', skuId: E3, reason: 'For Tom.' }),
      ['/moreSeats'],
    ],
    [
      'a licence of another customer',
      ({ stranger }) => ({ type: 'licence_change', skuId: stranger.skuId, moreSeats: 1, reason: 'x' }),
      ['/skuId'],
    ],
    [
      'a second seat',
      ({ tom, E3 }) => ({ type: 'licence_change', skuId: E3, reason: 'x', people: [{ userId: tom, does: 'give' }] }),
      ['/people/0/userId'],
    ],
    [
      'a seat that they have not',
      ({ tom, E5 }) => ({ type: 'licence_change', skuId: E5, reason: 'x', people: [{ userId: tom, does: 'take' }] }),
      ['/people/0/userId'],
    ],
    [
      'a group of somebody else’s',
      ({ tom, stranger }) => ({
        type: 'group_change',
        groupId: stranger.groupId,
        people: [{ userId: tom, does: 'add' }],
      }),
      ['/groupId'],
    ],
    [
      'a member who is one already',
      ({ tom, staffGroup }) => ({ type: 'group_change', groupId: staffGroup, people: [{ userId: tom, does: 'add' }] }),
      ['/people/0/userId'],
    ],
    [
      'a member who is none',
      ({ blocked, staffGroup }) => ({
        type: 'group_change',
        groupId: staffGroup,
        people: [{ userId: blocked, does: 'remove' }],
      }),
      ['/people/0/userId'],
    ],
    [
      'a temporary membership that ends before it begins',
      ({ blocked, staffGroup }) => ({
        type: 'group_change',
        groupId: staffGroup,
        startsOn: '2026-12-02',
        endsOn: '2026-12-01',
        people: [{ userId: blocked, does: 'add' }],
      }),
      ['/endsOn'],
    ],
  ])('%s', async (_, body, pointers) => {
    expect(await faultsOf(body(company))).toEqual(pointers)
  })
})

describe('An offboarding', () => {
  it('lists everything that somebody holds, and what becomes of it', async () => {
    const { tom, priya, blocked, E3, staffGroup, mailbox } = company
    const { details, seats, steps, facts } = await prepared(
      offboardingOf(
        leaver(tom, {
          mailbox: { does: 'share', toUserId: priya },
          sharedMailboxes: [{ userId: mailbox, toUserId: priya }],
          manages: [{ userId: priya, toUserId: blocked }],
        }),
      ),
    )
    expect(details).toMatchObject({
      people: [
        {
          user: { id: tom, name: 'Tom Okafor' },
          licences: [{ licence: { id: E3, name: 'Microsoft 365 E3' }, does: 'keep', to: null }],
          groups: [{ group: { id: staffGroup, name: 'All staff' }, to: null }],
          manages: [{ user: { name: 'Priya Nair' }, to: { name: 'Ben Ito' } }],
          sharedMailboxes: [{ mailbox: { name: 'Reception' }, to: { name: 'Priya Nair' } }],
          mailbox: { does: 'share', to: { id: priya } },
          files: { does: 'keep', to: null },
        },
      ],
    })
    // The seat is free from the day after.
    expect(seats).toEqual([
      {
        tenantId: company.tenantId,
        skuId: E3,
        takenCount: -1,
        fromOn: '2026-12-01',
        untilOn: null,
        isOfHoldings: true,
        stepPlace: 6,
      },
    ])
    expect(steps).toEqual([
      'Block the sign-in of Tom Okafor and end their sessions after 30 November 2026',
      'Turn the mailbox of Tom Okafor into a shared one that Priya Nair reads',
      'Keep the files of Tom Okafor',
      'Set Ben Ito as the manager of Priya Nair',
      'Give Priya Nair the shared mailbox Reception in the place of Tom Okafor',
      'Take Tom Okafor out of All staff',
      'Take the seat of Microsoft 365 E3 from Tom Okafor and keep it free',
    ])
    expect(facts.people[mailbox]?.state).toBe('there')
  })

  it('tells whoever may not see who holds what nothing of it', async () => {
    const { details } = await prepared(offboardingOf(leaver(company.tom)))
    const labels = (showsHoldings: boolean) =>
      summaryOf(details, { showsHoldings, showsAddresses: showsHoldings }).flatMap(({ lines }) =>
        lines.map(({ label }) => label),
      )
    expect(labels(true)).toEqual(
      expect.arrayContaining(['Account', 'Microsoft 365 E3', 'Groups they leave', 'Mailbox', 'Files']),
    )
    expect(labels(false)).toEqual(['Environment', 'Last day', 'Mailbox', 'Files', 'Manager of Priya Nair'])
  })
})

describe('A licence change', () => {
  it('is what it was before there was more to it', async () => {
    const { E3, tenantId } = company
    const asked = await prepared({
      type: 'licence_change',
      skuId: E3.toUpperCase(),
      tenantId,
      moreSeats: 5,
      reason: 'Five start.',
    })
    expect(asked).toMatchObject({
      subject: 'Licence change: 5 more seats of Microsoft 365 E3',
      reason: 'Five start.',
      personCount: 0,
      firstOn: null,
      details: { licence: { id: E3, name: 'Microsoft 365 E3' }, moreSeats: 5, boughtCount: 3, people: [] },
      seats: [{ skuId: E3, takenCount: -5, fromOn: null, untilOn: null, stepPlace: 0 }],
      steps: ['Buy 5 more seats of Microsoft 365 E3'],
    })
  })

  it('for people takes what it does not buy', async () => {
    const { E3, blocked, priya } = company
    const people = [
      { userId: blocked, does: 'give' },
      { userId: priya, does: 'take' },
    ]
    const { seats, facts } = await prepared({ type: 'licence_change', skuId: E3, reason: 'x', moreSeats: 1, people })
    expect(seats.map(({ takenCount, stepPlace }) => [takenCount, stepPlace])).toEqual([
      [-1, 0],
      [1, 1],
      [-1, 2],
    ])
    expect(facts.people[blocked]?.state).toBe('blocked')
  })
})

describe('What stands in a ticket and in mails', () => {
  it.each<[string, (of: Company) => object]>([
    [
      'whose seat is taken away',
      ({ E3, priya }) => ({
        type: 'licence_change',
        skuId: E3,
        reason: 'x',
        people: [{ userId: priya, does: 'take' }],
      }),
    ],
    [
      'who leaves a group',
      ({ staffGroup, priya }) => ({
        type: 'group_change',
        groupId: staffGroup,
        people: [{ userId: priya, does: 'remove' }],
      }),
    ],
    ['the address that is wished for', () => newUserOf(anna({ address: 'anna@fabrikam.example' }))],
  ])('tells nothing of %s', async (_, body) => {
    const { details } = await prepared(body(company))
    const labels = (isShown: boolean) =>
      summaryOf(details, { showsHoldings: isShown, showsAddresses: isShown }).flatMap(({ lines }) =>
        lines.map(({ label }) => label),
      )
    const told = /^(What happens|E-mail address)$/
    expect(labels(true)).toContainEqual(expect.stringMatching(told))
    expect(labels(false)).not.toContainEqual(expect.stringMatching(told))
  })
})

describe('What a customer’s forms are', () => {
  it('decides what is taken: nothing that is left out, and what has to be answered', async () => {
    const own = await newCompany()
    const { msp, customer, portal, tom } = own
    const question: OwnField = {
      id: 'desk',
      kind: 'text',
      label: 'Desk',
      help: '',
      isRequired: true,
      isEach: true,
      options: [],
    }
    await msp.scope.commit(
      { action: 'stage.forms', subject: { kind: 'settings', id: msp.mspId, name: 'Forms' } },
      msp.scope.add(requestForms, {
        id: msp.mspId,
        forms: { new_user: { fields: [question], hidden: ['jobTitle', 'phone'], helps: {}, category: null } },
      }),
    )
    await customer.commit(
      { action: 'stage.forms', subject: { kind: 'customer', id: portal.customerId, name: 'Fabrikam' } },
      customer.add(requestFormOverlays, {
        id: portal.customerId,
        forms: {
          new_user: {
            fields: [{ ...question, id: 'buddy', kind: 'person', label: 'Buddy', isRequired: false, isEach: false }],
            hidden: { phone: false },
            helps: {},
          },
        },
      }),
    )
    expect(await faultsOf(newUserOf(anna({ jobTitle: 'Dentist' })), own)).toEqual([
      '/people/0/jobTitle',
      '/people/0/answers/desk',
    ])
    const body = { ...newUserOf(anna({ phone: '01632 960 101', answers: { desk: '4b' } })), answers: { buddy: tom } }
    const { details } = await prepared(body, own)
    expect(details).toMatchObject({
      answers: [{ label: 'Buddy', value: 'Tom Okafor' }],
      people: [{ phone: '01632 960 101', answers: [{ label: 'Desk', value: '4b' }] }],
    })
    expect(await faultsOf({ ...body, answers: { buddy: own.stranger.userId } }, own)).toEqual(['/answers/buddy'])
  })
})

describe('The facts of a request', () => {
  it('count the seats of requests before it, and none of those after it', async () => {
    const own = await newCompany()
    const { customer, portal, E3, tenantId } = own
    const dana = await newContact(portal, ['portal_admin'])
    const keep = async (id: string) => {
      const { details, facts, seats, subject } = await prepared(newUserOf(anna({ skuIds: [E3] })), own)
      const row = {
        id,
        version: 1,
        type: 'new_user' as const,
        state: 'awaiting_msp' as const,
        requestedBy: dana.id,
        reason: '',
      }
      await customer.commit(
        { action: 'stage.request', subject: { kind: 'request', id, name: subject } },
        customer.add(serviceRequests, { ...row, details, facts, subject, createdAt: 1, changedAt: 1 }),
        customer.addAll(
          requestSeats,
          seats.map((seat, place) => ({ ...seat, id: `${id}-${place}`, requestId: id })),
        ),
      )
      return { id, details, facts }
    }
    const first = await keep('01-first')
    expect(first.facts.licences[E3]?.missingSeatCount).toBe(0)
    const second = await keep('02-second')
    expect(second.facts.licences[E3]?.missingSeatCount).toBe(1)
    expect(differencesOf(first.facts, await factsNow(customer, first))).toEqual([])
    expect(differencesOf(second.facts, await factsNow(customer, second))).toEqual([])
    // Somebody was given the last seat in the meantime.
    const tenant = customer.forTenant(tenantId)
    await tenant.record(
      tenant.putAll(seatCounts, [
        {
          id: E3,
          skuPartNumber: 'SPE_E3',
          boughtCount: 3,
          assignedCount: 3,
          suspendedCount: 0,
          status: 'enabled',
          hidden: false,
          asOf: 1,
        },
      ]),
    )
    expect(differencesOf(first.facts, await factsNow(customer, first))).toEqual([
      { about: 'Microsoft 365 E3', was: 'Enough seats', is: '1 seat is missing' },
    ])
  })

  it('count what a request gives once it is approved, and until the figures tell of what was done', async () => {
    const own = await newCompany()
    const { customer, portal, E3, tenantId } = own
    const dana = await newContact(portal, ['portal_admin'])
    const wish = await prepared({ type: 'licence_change', skuId: E3, moreSeats: 5, reason: 'x' }, own)
    const id = '01-wish'
    const subject = { kind: 'request', id, name: wish.subject }
    await customer.commit(
      { action: 'stage.request', subject },
      customer.add(serviceRequests, {
        id,
        type: 'licence_change',
        state: 'awaiting_msp',
        requestedBy: dana.id,
        reason: 'x',
        details: wish.details,
        createdAt: 1,
        changedAt: 1,
      }),
      customer.add(requestSteps, { id, requestId: id, place: 0, title: wish.steps[0] ?? '' }),
      customer.addAll(
        requestSeats,
        wish.seats.map((seat) => ({ ...seat, id, requestId: id })),
      ),
    )
    const missingNow = async () => {
      const starters = Array.from({ length: 3 }, () => anna({ skuIds: [E3] }))
      return (await prepared(newUserOf(...starters), own)).facts.licences[E3]?.missingSeatCount
    }
    expect(await missingNow(), 'while it waits').toBe(2)
    await customer.commit(
      { action: 'stage.request', subject },
      customer.changeWhere(serviceRequests, id, undefined, { state: 'approved' }),
    )
    expect(await missingNow(), 'once it is approved').toBe(0)
    await customer.commit(
      { action: 'stage.request', subject },
      customer.changeWhere(requestSteps, id, undefined, { doneAt: 2 }),
    )
    expect(await missingNow(), 'until figures are read after it was done').toBe(0)
    const tenant = customer.forTenant(tenantId)
    const figures = { id: E3, skuPartNumber: 'SPE_E3', suspendedCount: 0, status: 'enabled', hidden: false }
    await tenant.record(tenant.putAll(seatCounts, [{ ...figures, boughtCount: 4, assignedCount: 2, asOf: 3 }]))
    expect(await missingNow(), 'by the figures alone').toBe(1)
  })

  it('tell that a person left, or cannot sign in any more', async () => {
    const own = await newCompany()
    const { customer, portal, tenantId, tom, priya } = own
    const dana = await newContact(portal, ['portal_admin'])
    const { details, facts, subject } = await prepared(newUserOf(anna({ managerId: tom, likeUserId: priya })), own)
    const waiting = { type: 'new_user', state: 'awaiting_msp', requestedBy: dana.id, reason: '' } as const
    await customer.commit(
      { action: 'stage.request', subject: { kind: 'request', id: 'x', name: subject } },
      customer.add(serviceRequests, { ...waiting, id: 'x', details, facts, subject, createdAt: 1, changedAt: 1 }),
    )
    expect(differencesOf(facts, await factsNow(customer, { id: 'x', details }))).toEqual([])
    const tenant = customer.forTenant(tenantId)
    await tenant.record(tenant.removeWhere(tenantUsers, undefined))
    expect(differencesOf(facts, await factsNow(customer, { id: 'x', details }))).toMatchObject([
      { about: 'Tom Okafor', was: 'Has an account', is: 'Has left' },
      { about: 'Priya Nair', was: 'Has an account', is: 'Has left' },
    ])
  })

  it('have the price whoever asks, and whether or not the customer is shown costs', async () => {
    const own = await newCompany()
    const { customer, portal, E3 } = own
    const asked = { type: 'licence_change', skuId: E3, moreSeats: 1, reason: 'x' }
    const priceFor = async (seesHolders: boolean) =>
      (await prepare(customer, read(asked), { today: TODAY, seesHolders, seesGuests: true })).facts.licences[E3]?.price
    expect(await priceFor(true), 'where there is none').toBeNull()
    await customer.commit(
      { action: 'stage.terms', subject: { kind: 'customer', id: portal.customerId, name: 'Fabrikam' } },
      customer.add(licenceTerms, {
        id: portal.customerId,
        costsShown: false,
        prices: { [E3]: { amountMinor: 3120, per: 'month', currency: 'GBP' } },
      }),
    )
    expect(await priceFor(true)).toEqual({ amountMinor: 3120, per: 'month', currency: 'GBP' })
    expect(await priceFor(false)).toEqual({ amountMinor: 3120, per: 'month', currency: 'GBP' })
  })
})
