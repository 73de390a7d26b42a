import { describe, expect, it } from 'vitest'
import { wordSources } from '../../../db/shard/schema.ts'
import { wholeDirectory } from '../../tenancy/shown-directory.ts'
import { rankOf, sortNameOf, soughtOf, sourcesShown, wordsOfUser } from './user-words.ts'

const { name, mail, department } = wordSources
const dana = { displayName: 'Dana Whitfield', mail: 'dana.w@fabrikam.example', department: 'Front desk' }

describe('Somebody is found by', () => {
  it('the words of their name, of their address before the @, of their department, and their whole address', () => {
    expect(wordsOfUser(dana)).toEqual([
      [name, 'dana'],
      [name, 'whitfield'],
      [mail, 'w'],
      [mail, '@dana.w@fabrikam.example'],
      [department, 'front'],
      [department, 'desk'],
    ])
  })

  it('letters without accents and case', () => {
    const words = wordsOfUser({ displayName: 'Zoë Ångström-Núñez', mail: null, department: null })
    expect(words.map(([, word]) => word)).toEqual(['zoe', 'angstrom', 'nunez'])
    expect(sortNameOf('  Ångström   Zoë ')).toBe('angstrom zoe')
  })

  it('names written from right to left, and no more of a sentence than twelve words', () => {
    expect(wordsOfUser({ displayName: 'דנה כהן', mail: null, department: null })).toHaveLength(2)
    const sentence = Array.from({ length: 40 }, (_, at) => `word${at}`).join(' ')
    expect(wordsOfUser({ displayName: sentence, mail: null, department: sentence })).toHaveLength(12)
  })

  it('nothing where there is no letter at all', () => {
    expect(wordsOfUser({ displayName: '🎉', mail: null, department: null })).toEqual([])
  })
})

describe('What is typed', () => {
  it.each([
    ['dana', [{ text: 'dana', isWhole: false }]],
    ['Dana@Fab', [{ text: '@dana@fab', isWhole: false }]],
    [
      'd whit',
      [
        { text: 'whit', isWhole: false },
        { text: 'd', isWhole: true },
      ],
    ],
    ['   ', []],
  ])('%j is looked for as %j', (typed, sought) => {
    expect(soughtOf(typed)).toEqual(sought)
  })

  it.each(['d', '-', 'é'])('%j is too little', (typed) => {
    expect(() => soughtOf(typed)).toThrow('at least two letters')
  })
})

describe('How well somebody is meant', () => {
  const rank = (typed: string, sources = sourcesShown(wholeDirectory)) => rankOf(dana, typed, soughtOf(typed), sources)
  it('is best where their whole name begins as it is typed, then by names, addresses and departments', () => {
    expect(rank('dana whi')).toBe(0)
    const inOrder = [rank('whitfield'), rank('whitf'), rank('dana.w@fab'), rank('desk'), rank('des')]
    expect(inOrder).toEqual(inOrder.toSorted((one, other) => (one ?? 0) - (other ?? 0)))
    expect(new Set(inOrder).size).toBe(inOrder.length)
  })

  it('is not at all where one of the words is none of theirs', () => {
    expect(rank('dana smith')).toBeUndefined()
  })

  it('is not at all by what is not shown', () => {
    expect(rank('desk', [name, mail])).toBeUndefined()
    expect(rank('dana.w@fab', [name])).toBeUndefined()
  })
})
