import { describe, expect, it } from 'vitest'
import { cut } from './request-text.ts'

describe('A text that is too long', () => {
  it.each([
    ['New user', 8, 'New user'],
    ['New users', 8, 'New user'],
    ['Anna 👩‍🚀', 6, 'Anna '],
    ['Anna 👩‍🚀', 9, 'Anna '],
    ['Anna 👩‍🚀 B', 10, 'Anna 👩‍🚀'],
    ['Zoe\u0301 Ray', 3, 'Zo'],
  ])('%j is cut to at most %i, through no character', (text, lengthMax, left) => {
    expect(cut(text, lengthMax)).toBe(left)
  })
})
