import { describe, expect, it } from 'vitest'
import { neutralise, restore } from './cells.ts'

describe('A text in a cell', () => {
  it.each([
    ['=cmd|/C calc!A0', "'=cmd|/C calc!A0"],
    ['+44 1632 960 144', "'+44 1632 960 144"],
    ['-1', "'-1"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['\t=1', "'\t=1"],
    ['\r=1', "'\r=1"],
    ['\n=1', "'\n=1"],
    ['＝1+1', "'＝1+1"],
    ["'=1", "''=1"],
    ["''+1", "'''+1"],
    ["'s-Hertogenbosch", "'s-Hertogenbosch"],
    ["'", "'"],
    ['', ''],
    ['Fabrikam = Dental', 'Fabrikam = Dental'],
    ['🦷 Zähne', '🦷 Zähne'],
  ])('that is %j stands there as %j, and comes back as it was', (text, cell) => {
    expect(neutralise(text)).toBe(cell)
    expect(restore(cell)).toBe(text)
  })

  it('is never one that a spreadsheet calculates', () => {
    for (const text of ['=', '+', '-', '@', '\t', '\r', "'=", "''@"])
      expect(neutralise(text), JSON.stringify(text)).toMatch(/^'/)
  })
})
