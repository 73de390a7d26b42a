import { describe, expect, it } from 'vitest'
import { usualPolicy } from '../../tenancy/policy.ts'
import { nothingSaid, rowOf, saidBy, saidInForce, toldChanges } from './said.ts'

const nameOf = (id: string) => ({ m: 'Marcus Bell', r: 'Rosa Calder' })[id] ?? '?'

describe('A policy as it is said', () => {
  it('is one list of reads and forms, each off, direct or to be approved', () => {
    expect(saidInForce({ ...usualPolicy, reads: { ...usualPolicy.reads, see_licences: false } }).actions).toEqual({
      see_directory: 'direct',
      see_licences: 'off',
      download_reports: 'direct',
      create_tickets: 'direct',
      new_user: 'approval',
      offboarding: 'approval',
      password_reset: 'approval',
      licence_change: 'approval',
      group_change: 'approval',
    })
  })

  it('is kept and said again as it was', () => {
    const said = saidInForce(usualPolicy)
    expect(saidBy(rowOf(said))).toEqual(said)
    expect(rowOf(saidBy(nothingSaid))).toEqual(nothingSaid)
  })

  it('is the same value for the same people, in whatever order and however often they are named', () => {
    const said = { ...saidInForce(usualPolicy), approverIds: ['r', 'm', 'r'] }
    expect(rowOf(said).approverIds).toEqual(['m', 'r'])
  })
})

describe('What is told of a change', () => {
  const before = saidBy(nothingSaid)

  it('is each thing by itself, with people by their names, and what is left to the default as that', () => {
    const after = {
      ...before,
      actions: { ...before.actions, group_change: 'direct' as const, see_directory: 'off' as const },
      askers: { ...before.askers, offboarding: 'portal_admins' as const },
      approverRole: 'admin' as const,
      approverIds: ['m', 'r'],
      waitDays: 7,
    }
    const told = (field: string, is: unknown) => ({ table: 'self_service', field, before: 'standard', after: is })
    expect(toldChanges(before, after, nameOf)).toEqual([
      told('see_directory', 'off'),
      told('group_change', 'direct'),
      told('offboarding_askers', 'portal_admins'),
      told('approverRole', 'admin'),
      told('approvers', ['Marcus Bell', 'Rosa Calder']),
      told('waitDays', 7),
    ])
  })

  it('is nothing where nothing changed', () => {
    expect(toldChanges(before, before, nameOf)).toEqual([])
  })
})
