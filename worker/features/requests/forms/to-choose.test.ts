import { describe, expect, it } from 'vitest'
import { portals, tenantGroups } from '../../../../db/shard/schema.ts'
import {
  bodyOf,
  call,
  newContact,
  newCustomer,
  newLicence,
  newMsp,
  newOwnPolicy,
  newPortal,
  newTenant,
  newUser,
} from '../../../test/stage.ts'

type Group = { id: string; name: string; tenantId: string; mail: string | null; memberCount: number }
type Groups = { items: Group[]; nextCursor: string | null }
type Options = { licences: { name: string }[]; groups: Group[]; hasMoreGroups: boolean }

/** Fabrikam with two tenants, a licence and a group in the first of them; Dana is portal admin, Tom a portal user. */
const newScene = async () => {
  const portal = await newPortal(await newCustomer(await newMsp(), 'Fabrikam Dental'))
  const [dana, tom] = [await newContact(portal, ['portal_admin']), await newContact(portal, ['portal_user'])]
  const [first, second] = [(await newTenant(portal)).id, (await newTenant(portal)).id]
  await newLicence(portal, { tenantId: first })
  const customer = portal.msp.scope.forCustomer(portal.customerId)
  const groups = async (tenantId: string, names: string[]) => {
    const tenant = customer.forTenant(tenantId)
    const rows = names.map((displayName) => ({
      id: crypto.randomUUID(),
      kind: 'distribution' as const,
      displayName,
      description: null,
      mail: `${displayName.replaceAll(' ', '.').toLowerCase()}@lists.example`,
      seenInRead: 'stage',
    }))
    await tenant.record(tenant.putAll(tenantGroups, rows))
  }
  await groups(first, ['All staff'])
  const get = async <Body>(as: typeof dana, path: string) => {
    const answer = await call(portal.host, 'GET', `/api/portal/customers/${portal.customerId}/${path}`, { as })
    expect(answer.status, await answer.clone().text()).toBe(200)
    return bodyOf<Body>(answer)
  }
  return { portal, customer, dana, tom, first, second, groups, get }
}

describe('What can be chosen', () => {
  it('is no licence and no group for somebody who may ask by no form for any', async () => {
    const { portal, dana, tom, get } = await newScene()
    const askers = { new_user: 'portal_admins', offboarding: 'portal_admins', group_change: 'portal_admins' } as const
    await newOwnPolicy(portal, { reads: { see_directory: false, see_licences: false }, askers })
    const told = async (as: typeof dana) => {
      const { licences, groups } = await get<Options>(as, 'request-options')
      const { items } = await get<Groups>(as, 'request-groups')
      return [licences.length, groups.length, items.length]
    }
    expect(await told(tom)).toEqual([0, 0, 0])
    expect(await told(dana)).toEqual([1, 1, 1])
  })

  it('has the addresses of groups only where the directory shows addresses', async () => {
    const { portal, customer, dana, get } = await newScene()
    const mails = async () => [
      (await get<Options>(dana, 'request-options')).groups[0]?.mail,
      (await get<Groups>(dana, 'request-groups')).items[0]?.mail,
      (await get<Groups>(dana, 'request-groups?q=lists.example')).items.length,
    ]
    expect(await mails()).toEqual(['all.staff@lists.example', 'all.staff@lists.example', 1])
    await customer.commit(
      { action: 'stage.directory', subject: { kind: 'customer', id: portal.customerId, name: '' } },
      customer.changeAll(portals, undefined, { directoryAttributes: ['department'] }),
    )
    expect(await mails()).toEqual([null, null, 0])
  })

  it('is of one environment however much there is of another', async () => {
    const { dana, second, first, groups, get } = await newScene()
    await groups(
      first,
      Array.from({ length: 1_001 }, (_, number) => `Crew ${number}`),
    )
    await groups(second, ['Zebras'])
    const options = await get<Options>(dana, `request-options?tenantId=${second}`)
    expect([options.groups.map(({ name }) => name), options.hasMoreGroups]).toEqual([['Zebras'], false])
    const all = await get<Options>(dana, 'request-options')
    expect([all.groups.length, all.hasMoreGroups]).toEqual([1_000, true])
    expect((await get<Groups>(dana, 'request-groups?q=ZEB')).items.map(({ name }) => name)).toEqual(['Zebras'])
  })

  it('has every group on one page after the other, and finds one by part of its name', async () => {
    const { dana, first, second, groups, get } = await newScene()
    await groups(first, ['Ärzte Nord', 'Crew', 'Crew'])
    await groups(second, ['Band'])
    const names: string[] = []
    for (let page = '?limit=2'; page !== '';) {
      const { items, nextCursor } = await get<Groups>(dana, `request-groups${page}`)
      names.push(...items.map(({ name }) => name))
      page = nextCursor === null ? '' : `?limit=2&cursor=${nextCursor}`
    }
    expect(names).toEqual(['All staff', 'Band', 'Crew', 'Crew', 'Ärzte Nord'])
    const found = async (q: string) =>
      (await get<Groups>(dana, `request-groups?q=${encodeURIComponent(q)}`)).items.map(({ name }) => name)
    expect(await found('ärzte')).toEqual(['Ärzte Nord'])
    expect(await found('%')).toEqual([])
    expect(
      (await get<Groups>(dana, `request-groups?tenantId=${second}`)).items.map(({ tenantId }) => tenantId),
    ).toEqual([second])
  })

  it('has the shared mailboxes of the environment somebody is in, however many another has', async () => {
    const { portal, dana, first, second, get } = await newScene()
    const shared = { signInAllowed: false, mailboxPurpose: 'shared' } as const
    await newUser(portal, first, { ...shared, displayName: 'Accounts' })
    await newUser(portal, second, { ...shared, displayName: 'Reception' })
    const priya = await newUser(portal, second, { displayName: 'Priya Nair' })
    const { sharedMailboxes } = await get<{ sharedMailboxes: { name: string }[] }>(dana, `request-people/${priya}`)
    expect(sharedMailboxes.map(({ name }) => name)).toEqual(['Reception'])
  })
})
