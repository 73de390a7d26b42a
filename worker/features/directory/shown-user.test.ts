import { describe, expect, it } from 'vitest'
import { directoryAttributes } from '../../../db/shard/schema.ts'
import type { DirectoryAttribute } from '../../../db/shard/schema.ts'
import { usualPolicy } from '../../tenancy/policy.ts'
import { inTheirOrder, shownDirectoryIn, wholeDirectory } from '../../tenancy/shown-directory.ts'
import type { ShownDirectory } from '../../tenancy/shown-directory.ts'
import { isVisible, shownUser } from './shown-user.ts'
import type { UserRow } from './shown-user.ts'

const dana: UserRow = {
  id: 'u1',
  tenantId: 't1',
  displayName: 'Dana Whitfield',
  userPrincipalName: 'dana@fabrikam.onmicrosoft.example',
  mail: 'dana@fabrikam.example',
  jobTitle: 'Practice manager',
  department: 'Reception',
  businessPhone: '01632 960 101',
  mobilePhone: '07700 900 101',
  accountCreatedAt: '2024-01-01T00:00:00Z',
  isGuest: false,
  signInAllowed: true,
  mailboxPurpose: null,
  skuIds: ['sku'],
  lastSignInAt: Date.parse('2026-11-17T08:00:00Z'),
  signInKnown: true,
  sortName: 'dana whitfield',
}
const always = { id: 'u1', tenantId: 't1', name: 'Dana Whitfield', isGuest: false }
const licencesOf = () => ['Microsoft 365 Business Premium']
const showing = (...attributes: DirectoryAttribute[]): ShownDirectory => ({
  isShown: true,
  showsGuests: false,
  attributes,
})

describe('Of somebody is shown', () => {
  it.each<[string, DirectoryAttribute[], object]>([
    ['the name alone', [], {}],
    ['an address', ['mail'], { mail: 'dana@fabrikam.example' }],
    ['a job title', ['jobTitle'], { jobTitle: 'Practice manager' }],
    ['a department', ['department'], { department: 'Reception' }],
    ['a phone number', ['businessPhone'], { businessPhone: '01632 960 101' }],
    ['a mobile number', ['mobilePhone'], { mobilePhone: '07700 900 101' }],
    ['licences, by name', ['licences'], { licences: ['Microsoft 365 Business Premium'] }],
    ['whether they may sign in', ['signInAllowed'], { signInAllowed: true }],
    ['when they last signed in', ['lastSignIn'], { lastSignIn: { isKnown: true, at: '2026-11-17T08:00:00.000Z' } }],
    ['no group, which are read of one person alone', ['groups'], {}],
    ['no manager, who is read of one person alone', ['manager'], {}],
    ['several', ['mail', 'department'], { mail: 'dana@fabrikam.example', department: 'Reception' }],
  ])('%s', (_, attributes, shown) => {
    expect(shownUser(dana, showing(...attributes), licencesOf)).toEqual({ ...always, ...shown })
  })

  it.each([
    ['shared', { mailbox: 'shared' }],
    ['room', { mailbox: 'room' }],
    ['equipment', { mailbox: 'equipment' }],
    ['user', {}],
    ['none', {}],
    ['unknown', {}],
  ] as const)('a mailbox that is nobody’s own, whatever else is shown: %s', (mailboxPurpose, shown) => {
    expect(shownUser({ ...dana, mailboxPurpose }, showing(), licencesOf)).toEqual({ ...always, ...shown })
  })

  it.each([
    ['not known', false, null],
    ['never, as far as Microsoft knows', true, null],
  ])('when they last signed in: %s', (_, isKnown, at) => {
    const user = { ...dana, signInKnown: isKnown, lastSignInAt: at }
    expect(shownUser(user, showing('lastSignIn'), licencesOf)).toEqual({ ...always, lastSignIn: { isKnown, at } })
  })

  it('no name they sign in with, and nothing else that is kept of them, even where everything is shown', () => {
    const shown = shownUser(dana, wholeDirectory, licencesOf)
    expect(Object.keys(shown).toSorted()).toEqual(
      [
        'id',
        'isGuest',
        'name',
        'tenantId',
        ...directoryAttributes.filter((attribute) => attribute !== 'groups' && attribute !== 'manager'),
      ].toSorted(),
    )
  })

  it('null for what Microsoft does not say, which is not the same as hidden', () => {
    expect(shownUser({ ...dana, mail: null }, showing('mail'), licencesOf)).toEqual({ ...always, mail: null })
  })
})

describe('Somebody is visible', () => {
  it.each([
    ['a member', false, { isShown: true, showsGuests: false }, true],
    ['a guest where guests are shown', true, { isShown: true, showsGuests: true }, true],
    ['a guest where they are not', true, { isShown: true, showsGuests: false }, false],
    ['a member where nothing is shown', false, { isShown: false, showsGuests: true }, false],
  ])('%s: %s', (_, isGuest, shown, expected) => {
    expect(isVisible({ isGuest }, { ...shown, attributes: [] })).toBe(expected)
  })

  it('or is an error to be shown at all', () => {
    expect(() => shownUser({ ...dana, isGuest: true }, showing(), licencesOf)).toThrow('not to be seen')
  })
})

describe('What a portal shows', () => {
  it('at first is everything but guests, mobile numbers, sign-ins, groups and managers', () => {
    const portal = { directoryGuestsShown: null, directoryAttributes: null }
    expect(shownDirectoryIn(portal, usualPolicy)).toEqual({
      isShown: true,
      showsGuests: false,
      attributes: ['mail', 'jobTitle', 'department', 'businessPhone', 'licences', 'signInAllowed'],
    })
  })

  it('is each once, in one order, however it was chosen', () => {
    expect(inTheirOrder(['licences', 'mail', 'licences'])).toEqual(['mail', 'licences'])
  })
})
