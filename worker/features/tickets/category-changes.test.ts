import { describe, expect, it } from 'vitest'
import { categoriesAfter } from './category-changes.ts'

const one = (id: string, name: string, isRetired = false) => ({ id, name, isRetired })
const before = [one('email', 'E-mail'), one('network', 'Network'), one('phones', 'Phones', true)]
const after = (given: { id?: string; name: string; isRetired: boolean }[], inUse: string[] = [], countMax = 30) =>
  categoriesAfter(before, given, new Set(inUse), countMax, () => 'fresh')

describe('The categories of tickets', () => {
  it('stand as they are given, renamed, retired and in their order, a new one with an id of its own', () => {
    expect(
      after([
        { name: 'Printing', isRetired: false },
        one('network', 'Wi-Fi'),
        one('email', 'E-mail', true),
        one('phones', 'Phones'),
      ]),
    ).toEqual({
      categories: [
        one('fresh', 'Printing'),
        one('network', 'Wi-Fi'),
        one('email', 'E-mail', true),
        one('phones', 'Phones'),
      ],
    })
  })

  it('lose one that is left out and that no ticket has, and keep one that a ticket has as retired', () => {
    expect(after([one('email', 'E-mail')], ['network'])).toEqual({
      categories: [one('email', 'E-mail'), one('network', 'Network', true)],
    })
  })

  it('take one of a known name without an id for the one that is there', () => {
    expect(after([{ name: 'e-MAIL', isRetired: false }])).toEqual({ categories: [one('email', 'e-MAIL')] })
  })

  it.each([
    ['two of one name', [one('email', 'Mail'), { name: ' máil'.trim(), isRetired: false }], '/categories/1/name'],
    ['one that is not there', [one('email', 'E-mail'), one('made-up', 'Other')], '/categories/1/id'],
    ['one named twice', [one('email', 'E-mail'), one('email', 'Mail')], '/categories/1/id'],
    ['none that is offered', [one('email', 'E-mail', true)], '/categories'],
    ['none at all', [], '/categories'],
    ['too many', [one('email', 'E-mail'), one('network', 'Network')], '/categories'],
  ])('refuse %s', (_, given, pointer) => {
    const found = after(given, [], 1)
    expect('errors' in found ? found.errors.map((error) => error.pointer) : []).toContain(pointer)
  })
})
