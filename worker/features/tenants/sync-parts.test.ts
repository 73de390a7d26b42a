import { describe, expect, it } from 'vitest'
import { mostToGain } from './sync-parts.ts'

const control = (id: string, maxPoints: number) => ({
  id,
  title: `Do ${id}`,
  category: null,
  maxPoints,
  remediation: '',
})

describe('What would raise the score most', () => {
  it.each([
    ['the most points left come first', { a: 4, b: 0 }, ['b', 'a']],
    ['what is done is left out', { a: 10, b: 0 }, ['b']],
    ['so is what counts more than it can', { a: 12, b: 0 }, ['b']],
    ['so is what the score is not made of', { b: 0 }, ['b']],
    ['of as many points left, in the order of their titles', { a: 5, b: 3 }, ['a', 'b']],
    ['nothing is known', {}, []],
  ])('%s', (_name, points, ids) => {
    const gained = mostToGain([control('b', 8), control('a', 10)], new Map(Object.entries(points)))
    expect(gained.map(({ id }) => id)).toEqual(ids)
  })

  it('is told of the first twenty', () => {
    const many = Array.from({ length: 30 }, (_, position) => control(`c${position}`, position + 1))
    const gained = mostToGain(many, new Map(many.map(({ id }) => [id, 0])))
    expect(gained).toHaveLength(20)
    expect(gained[0]?.maxPoints).toBe(30)
  })
})
