import { describe, expect, it } from 'vitest'
import { accessObstacleOf } from './decide-access.ts'

type Asked = Parameters<typeof accessObstacleOf>[0]

const fay: Asked = { email: 'fay@fabrikam.example', access: 'none', customerState: 'active', portalState: 'enabled' }

describe('Somebody who is to get access with many others', () => {
  const rows: [string, Partial<Asked>, ReturnType<typeof accessObstacleOf>][] = [
    ['who has an e-mail and an open portal', {}, undefined],
    ['without e-mail', { email: null }, 'no_email'],
    ['who was invited', { access: 'invited' }, 'already_invited'],
    ['who has access', { access: 'active' }, 'already_enabled'],
    ['who has access at an archived customer', { access: 'active', customerState: 'archived' }, 'already_enabled'],
    ['who is blocked', { access: 'disabled' }, 'blocked'],
    ['of an archived customer', { customerState: 'archived' }, 'archived_customer'],
    [
      'of an archived customer without a portal',
      { customerState: 'archived', portalState: 'none' },
      'archived_customer',
    ],
    ['of a disabled customer', { customerState: 'disabled' }, 'disabled_customer'],
    ['of a customer without a portal', { portalState: 'none' }, 'no_portal'],
    ['of a customer whose portal is closed', { portalState: 'disabled' }, 'portal_closed'],
    ['without e-mail, of a customer without a portal', { email: null, portalState: 'none' }, 'no_email'],
  ]
  it.each(rows)('%s', (_, more, expected) => {
    expect(accessObstacleOf({ ...fay, ...more })).toBe(expected)
  })
})
