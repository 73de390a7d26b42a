import { describe, expect, it } from 'vitest'
import { mayApprove, mayAsk, modesOf, policyOf, usualPolicy } from './policy.ts'
import type { PolicyRow } from './policy.ts'

const nothingSaid: PolicyRow = {
  choices: { reads: {}, modes: {}, askers: {} },
  customerApproves: null,
  approverRole: null,
  approverIds: null,
  waitDays: null,
}

describe('What is in force', () => {
  it('is what is usual where nobody said anything', () => {
    expect(policyOf(undefined, null)).toEqual(usualPolicy)
    expect(policyOf(nothingSaid, nothingSaid)).toEqual(usualPolicy)
  })

  it('is the customer’s own choice, else the MSP’s default, each for itself', () => {
    const standard: PolicyRow = {
      ...nothingSaid,
      choices: { reads: { see_directory: false }, modes: { new_user: 'direct', group_change: 'off' }, askers: {} },
      customerApproves: true,
      waitDays: 30,
    }
    const own: PolicyRow = {
      ...nothingSaid,
      choices: { reads: {}, modes: { group_change: 'approval' }, askers: { offboarding: 'portal_admins' } },
      customerApproves: false,
    }
    expect(policyOf(own, standard)).toEqual({
      ...usualPolicy,
      reads: { ...usualPolicy.reads, see_directory: false },
      modes: { ...usualPolicy.modes, new_user: 'direct' },
      askers: { ...usualPolicy.askers, offboarding: 'portal_admins' },
      waitDays: 30,
    })
  })

  it('takes whom to ask together: names of the default do not narrow a role of the customer’s', () => {
    const standard: PolicyRow = { ...nothingSaid, approverRole: 'technician', approverIds: ['a'] }
    expect(policyOf({ ...nothingSaid, approverRole: 'admin' }, standard)).toMatchObject({
      approverRole: 'admin',
      approverIds: null,
    })
    expect(policyOf(nothingSaid, standard)).toMatchObject({ approverIds: ['a'] })
  })
})

describe('Somebody of a company', () => {
  it.each([
    ['off', 'everybody', true, false],
    ['direct', 'everybody', false, true],
    ['approval', 'portal_admins', false, false],
    ['approval', 'portal_admins', true, true],
  ] as const)('where it is %s and for %s, as an admin %s: %s', (mode, asker, isPortalAdmin, may) => {
    const policy = {
      reads: usualPolicy.reads,
      modes: { ...usualPolicy.modes, new_user: mode },
      askers: { ...usualPolicy.askers, new_user: asker },
    }
    expect(mayAsk(policy, isPortalAdmin, 'new_user')).toBe(may)
  })

  it('asks for licences only where they are shown what there is, which portal admins are in any case', () => {
    const policy = { ...usualPolicy, reads: { ...usualPolicy.reads, see_licences: false } }
    const may = (isPortalAdmin: boolean) => mayAsk(policy, isPortalAdmin, 'licence_change')
    expect([may(false), may(true), mayAsk(policy, false, 'group_change')]).toEqual([false, true, true])
  })

  it('is never let go without an approval', () => {
    expect(modesOf('offboarding')).not.toContain('direct')
    expect(modesOf('password_reset')).toContain('direct')
  })
})

describe('A member of staff', () => {
  it.each([
    ['viewer', 'technician', null, false],
    ['technician', 'technician', null, true],
    ['technician', 'admin', null, false],
    ['owner', 'admin', null, true],
    ['technician', 'owner', ['me'], true],
    ['admin', 'technician', ['somebody'], false],
    ['owner', 'technician', ['somebody'], true],
    ['viewer', 'technician', ['me'], false],
  ] as const)('as %s, where %s and up (named: %j) approve: %s', (role, approverRole, approverIds, may) => {
    const ids = approverIds === null ? null : [...approverIds]
    expect(mayApprove({ approverRole, approverIds: ids }, { staffId: 'me', role })).toBe(may)
  })
})
