import { describe, expect, it } from 'vitest'
import { staffRoles } from '../../../db/shard/schema.ts'
import type { StaffRole } from '../../tenancy/permissions.ts'
import { obstacleTo } from './rules.ts'
import type { Deed, Target } from './rules.ts'

const target = (role: StaffRole, more: Partial<Target> = {}): Target => ({
  id: 'other',
  name: 'Vera Lund',
  role,
  disabled: false,
  isConfirmed: true,
  ...more,
})
const invited = { isConfirmed: false }
const make = (role: StaffRole): Deed => ({ kind: 'change_role', role })
const invite = (role: StaffRole): Deed => ({ kind: 'invite', role })
const [block, unblock] = [{ kind: 'block' }, { kind: 'unblock' }] as const
const [again, withdraw] = [{ kind: 'invite_again' }, { kind: 'withdraw' }] as const

describe('Of staff', () => {
  type Case = [
    actor: StaffRole,
    what: string,
    Target | undefined,
    Deed,
    others: number,
    'fine' | 'forbidden' | 'conflict',
  ]
  it.each<Case>([
    ['admin', 'invites a viewer', undefined, invite('viewer'), 0, 'fine'],
    ['admin', 'invites an admin', undefined, invite('admin'), 0, 'fine'],
    ['admin', 'invites an owner', undefined, invite('owner'), 5, 'forbidden'],
    ['owner', 'invites an owner', undefined, invite('owner'), 0, 'fine'],
    ['admin', 'makes a viewer an admin', target('viewer'), make('admin'), 1, 'fine'],
    ['admin', 'makes another admin a viewer', target('admin'), make('viewer'), 1, 'fine'],
    ['admin', 'makes themselves a viewer', target('admin', { id: 'me' }), make('viewer'), 1, 'fine'],
    ['admin', 'makes themselves an owner', target('admin', { id: 'me' }), make('owner'), 1, 'forbidden'],
    ['admin', 'makes an owner a viewer', target('owner'), make('viewer'), 5, 'forbidden'],
    ['owner', 'makes a viewer an owner', target('viewer'), make('owner'), 0, 'fine'],
    ['owner', 'makes one of two owners an admin', target('owner'), make('admin'), 1, 'fine'],
    ['owner', 'makes the only owner an admin', target('owner', { id: 'me' }), make('admin'), 0, 'conflict'],
    ['owner', 'leaves the only owner an owner', target('owner', { id: 'me' }), make('owner'), 0, 'fine'],
    ['owner', 'steps down beside another owner', target('owner', { id: 'me' }), make('admin'), 1, 'fine'],
    ['owner', 'makes an owner who is blocked an admin', target('owner', { disabled: true }), make('admin'), 0, 'fine'],
    ['owner', 'makes an owner who never joined an admin', target('owner', invited), make('admin'), 0, 'fine'],
    ['admin', 'blocks a technician', target('technician'), block, 1, 'fine'],
    ['admin', 'blocks another admin', target('admin'), block, 1, 'fine'],
    ['admin', 'blocks an owner', target('owner'), block, 5, 'forbidden'],
    ['admin', 'blocks themselves', target('admin', { id: 'me' }), block, 1, 'conflict'],
    ['owner', 'blocks themselves', target('owner', { id: 'me' }), block, 1, 'conflict'],
    ['owner', 'blocks another owner', target('owner'), block, 1, 'fine'],
    ['owner', 'blocks the only owner left', target('owner'), block, 0, 'conflict'],
    ['owner', 'blocks somebody who never joined', target('viewer', invited), block, 1, 'conflict'],
    ['admin', 'lets a viewer in again', target('viewer', { disabled: true }), unblock, 1, 'fine'],
    ['admin', 'lets an owner in again', target('owner', { disabled: true }), unblock, 1, 'forbidden'],
    ['owner', 'lets an owner in again', target('owner', { disabled: true }), unblock, 1, 'fine'],
    ['admin', 'invites a viewer again', target('viewer', invited), again, 1, 'fine'],
    ['admin', 'invites an owner again', target('owner', invited), again, 1, 'forbidden'],
    ['admin', 'invites somebody again who has joined', target('viewer'), again, 1, 'conflict'],
    ['admin', 'takes back the invitation of a viewer', target('viewer', invited), withdraw, 1, 'fine'],
    ['owner', 'takes back the invitation of who has joined', target('viewer'), withdraw, 1, 'conflict'],
  ])('%s who %s', (role, _, whom, deed, otherOwnerCount, expected) => {
    const obstacle = obstacleTo({ id: 'me', role }, whom, deed, otherOwnerCount)
    expect(obstacle?.code ?? 'fine').toBe(expected)
    if (obstacle !== undefined) expect(obstacle.text).toMatch(/^[A-Z].*\.$/)
  })

  it('technicians and viewers manage nobody', () => {
    for (const role of ['technician', 'viewer'] as const)
      for (const other of staffRoles)
        for (const deed of [invite(other), make(other), block, unblock, again, withdraw])
          expect(obstacleTo({ id: 'me', role }, target(other), deed, 5)?.code).toBe('forbidden')
  })
})
