import { describe, expect, it } from 'vitest'
import { obstacleToDeed } from './last-admin.ts'
import type { Colleague, PeopleDeed } from './last-admin.ts'

const colleague = (name: string, more: Partial<Colleague> = {}): Colleague => ({
  id: name,
  name,
  access: 'active',
  isPortalAdmin: false,
  isTheAdmin: false,
  isBlockedByCompany: false,
  ...more,
})
const admin = { isPortalAdmin: true }
const dana = colleague('Dana', { ...admin, isTheAdmin: true })
const ada = colleague('Ada', admin)
const ben = colleague('Ben', admin)
const tom = colleague('Tom')
const invited = colleague('Ivy', { ...admin, access: 'invited' })
const blocked = colleague('Max', { ...admin, access: 'disabled' })
const ours = colleague('Mia', { access: 'disabled', isBlockedByCompany: true })
const block: PeopleDeed = { kind: 'block' }
const unblock: PeopleDeed = { kind: 'unblock' }
const demote: PeopleDeed = { kind: 'roles', isPortalAdmin: false }
const promote: PeopleDeed = { kind: 'roles', isPortalAdmin: true }

const main = 'Dana is the main portal admin. Only your IT provider can change that.'
const theirs = 'Your IT provider keeps Max out. Only they can enable this access again.'
const last = 'Ada is the only portal admin who can sign in. Make somebody else portal admin first.'

describe('What a portal admin may do to people of their company', () => {
  const rows: [string, Colleague, Colleague[], PeopleDeed, string | undefined][] = [
    ['block a portal user', tom, [ada, tom], block, undefined],
    ['make a portal user an admin', tom, [ada, tom], promote, undefined],
    ['block an admin beside another', ada, [ada, ben], block, undefined],
    ['demote an admin beside another', ada, [ada, ben], demote, undefined],
    ['block the last admin', ada, [ada, tom], block, last],
    ['demote the last admin', ada, [ada, tom], demote, last],
    ['demote the last admin beside one who never came', ada, [ada, invited], demote, last],
    ['demote the last admin beside one who is blocked', ada, [ada, blocked], demote, last],
    ['let the last admin be one', ada, [ada, tom], promote, undefined],
    ['demote an admin who never came', invited, [ada, invited], demote, undefined],
    ['block an admin who never came', invited, [ada, invited], block, undefined],
    ['demote an admin who is blocked', blocked, [ada, blocked], demote, undefined],
    ['demote the main admin', dana, [dana, ada], demote, main],
    ['block the main admin', dana, [dana, ada], block, main],
    ['let the main admin be one', dana, [dana], promote, undefined],
    ['let in whom the company keeps out', ours, [ada, ours], unblock, undefined],
    ['let in whom the MSP keeps out', blocked, [ada, blocked], unblock, theirs],
    ['let in who gets in', tom, [ada, tom], unblock, undefined],
    ['demote the last beside the main admin', ada, [dana, ada], demote, undefined],
  ]
  it.each(rows)('%s', (_, person, people, deed, expected) => {
    expect(obstacleToDeed(person, people, deed)).toBe(expected)
  })
})
