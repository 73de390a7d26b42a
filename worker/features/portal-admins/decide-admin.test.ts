import { describe, expect, it } from 'vitest'
import { decideAdmin, nameFromEmail } from './decide-admin.ts'
import type { Person } from './decide-admin.ts'

const person = (name: string, more: Partial<Person> = {}): Person => ({
  id: name,
  name,
  email: `${name.toLowerCase()}@fabrikam.example`,
  access: 'active',
  isTheAdmin: false,
  confirmedAt: 1,
  ...more,
})
const unconfirmed = { access: 'invited', confirmedAt: null } as const
const dana = person('Dana', { isTheAdmin: true })
const tom = person('Tom')
const lucy = person('Lucy', { access: 'none', confirmedAt: null })
const max = person('Max', { access: 'disabled' })
const pendingPia = person('Pia', { isTheAdmin: true, ...unconfirmed })
const open = {
  customerState: 'active',
  portalState: 'enabled',
  people: [dana, tom, lucy, max],
  formerEmail: null,
} as const

type Asked = Partial<Parameters<typeof decideAdmin<Person>>[0]>

/** What is decided, in few words. */
const told = (asked: Asked): string => {
  const decided = decideAdmin({ ...open, people: [...open.people], email: null, ...asked })
  switch (decided.kind) {
    case 'kept':
      return 'kept'
    case 'refused':
      return `refused: ${decided.detail}`
    case 'changed':
      return [
        `${decided.successor?.name ?? 'a new contact'}${decided.invites ? ', invited' : ''}`,
        `after ${decided.predecessor?.name ?? 'nobody'}`,
        `undo ${decided.formerEmail ?? 'nobody'}`,
      ].join('; ')
  }
}

const closed =
  'refused: This customer’s portal is closed, so its admin cannot change: the e-mail names them. Open the portal first.'

describe('Who becomes the portal admin', () => {
  const rows: [string, Asked, string][] = [
    ['the same e-mail', { email: dana.email }, 'kept'],
    ['a customer without a portal', { email: 'new@fabrikam.example', portalState: 'none' }, 'kept'],
    ['the same e-mail while the portal is closed', { email: dana.email, portalState: 'disabled' }, 'kept'],
    ['no e-mail, and no admin', { email: null, people: [tom] }, 'kept'],
    ['no e-mail', { email: null }, 'refused: A portal needs an admin. Enter the e-mail address of the new one.'],
    ['a closed portal', { email: tom.email, portalState: 'disabled' }, closed],
    ['a closed portal and no e-mail', { email: null, portalState: 'disabled' }, closed],
    [
      'a disabled customer',
      { email: tom.email, customerState: 'disabled' },
      'refused: This customer is disabled. Enable it first. Its e-mail names the portal admin, who could not confirm now.',
    ],
    [
      'an archived customer',
      { email: tom.email, customerState: 'archived' },
      'refused: This customer is archived. Restore it first. Its e-mail names the portal admin, who could not confirm now.',
    ],
    ['somebody blocked', { email: max.email }, 'refused: Max is blocked. Let them in again first.'],
    ['somebody new', { email: 'new@fabrikam.example' }, `a new contact, invited; after Dana; undo ${dana.email}`],
    ['a contact without access', { email: lucy.email }, `Lucy, invited; after Dana; undo ${dana.email}`],
    ['somebody who has access', { email: tom.email }, 'Tom; after Dana; undo nobody'],
    [
      'the first one',
      { email: 'new@fabrikam.example', people: [tom] },
      'a new contact, invited; after nobody; undo nobody',
    ],
    [
      'somebody in place of one who never confirmed',
      { email: 'new@fabrikam.example', people: [tom, pendingPia], formerEmail: dana.email },
      `a new contact, invited; after Pia; undo ${dana.email}`,
    ],
    [
      'the confirmed one again, in place of one who never confirmed',
      { email: tom.email, people: [tom, pendingPia], formerEmail: tom.email },
      'Tom; after Pia; undo nobody',
    ],
  ]
  it.each(rows)('of %s', (_, asked, expected) => {
    expect(told(asked)).toBe(expected)
  })
})

describe('Somebody of whom only the e-mail is known', () => {
  it.each([
    ['dana.whitfield@fabrikam.example', 'Dana Whitfield'],
    ['dana_whitfield+portal@fabrikam.example', 'Dana Whitfield'],
    ['info@fabrikam.example', 'Info'],
    ['élodie-marie@fabrikam.example', 'Élodie Marie'],
    ['4711@fabrikam.example', '4711@fabrikam.example'],
  ])('%s is called %s', (email, name) => {
    expect(nameFromEmail(email)).toBe(name)
  })
})
