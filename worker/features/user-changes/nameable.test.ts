import { describe, expect, it } from 'vitest'
import { directoryAttributes, userChangeKinds } from '../../../db/shard/schema.ts'
import type { ShownDirectory } from '../../tenancy/shown-directory.ts'
import { everythingNamed, nameableIn, toldOf } from './nameable.ts'

const directory = (given: Partial<ShownDirectory>): ShownDirectory => ({
  isShown: true,
  showsGuests: false,
  attributes: directoryAttributes,
  ...given,
})
const withDetail = (kind: (typeof userChangeKinds)[number]) => ({ kind, name: 'Dana', detail: 'Reception' })
const nobody: string[] = []

describe('A change names somebody', () => {
  it.each([
    ['always to staff', everythingNamed, [...userChangeKinds], 'Reception'],
    ['where the directory shows all of them', nameableIn(directory({}), true), [...userChangeKinds], 'Reception'],
    ['never where it is off', nameableIn(directory({ isShown: false }), true), nobody, null],
    ['never to who may not read it', nameableIn(directory({}), false), nobody, null],
    [
      'but not who is blocked where that is hidden',
      nameableIn(directory({ attributes: ['jobTitle', 'department'] }), true),
      ['joined', 'left', 'licence_given', 'licence_taken'],
      'Reception',
    ],
    [
      'without a detail that may be their job title, hidden',
      nameableIn(directory({ attributes: ['department', 'signInAllowed'] }), true),
      [...userChangeKinds],
      null,
    ],
  ])('%s', (_, nameable, named, detail) => {
    const told = userChangeKinds.map((kind) => ({ kind, ...toldOf(withDetail(kind), nameable) }))
    expect(told.filter(({ name }) => name !== null).map(({ kind }) => kind)).toEqual(named)
    expect([...new Set(told.filter(({ name }) => name !== null).map((one) => one.detail))]).toEqual(
      named.length === 0 ? [] : [detail],
    )
    expect(told.every((one) => one.name !== null || one.detail === null)).toBe(true)
  })
})
