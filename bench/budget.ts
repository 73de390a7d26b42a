import { bold, faint, green, red, say } from '../bin/lib/words.mjs'

export type Verdict = 'ok' | 'over' | 'told'

/** One line of the table. `told` is a figure that no budget is set for: it explains the ones beside it. */
export type Line = { part: string; what: string; measured: string; budget: string; verdict: Verdict; note?: string }

/** What a part of the bench measured; `figures` go to bench/latest.json as they are. */
export type Part = { lines: Omit<Line, 'part'>[]; figures?: unknown }

/** At most so much. */
export const atMost = (what: string, value: number, max: number, unit: string, note?: string): Omit<Line, 'part'> => ({
  what,
  measured: withUnit(value, unit),
  budget: `≤ ${withUnit(max, unit)}`,
  verdict: value <= max ? 'ok' : 'over',
  ...noted(note),
})

/** At least so much. */
export const atLeast = (what: string, value: number, min: number, unit: string, note?: string): Omit<Line, 'part'> => ({
  what,
  measured: withUnit(value, unit),
  budget: `≥ ${withUnit(min, unit)}`,
  verdict: value >= min ? 'ok' : 'over',
  ...noted(note),
})

export const told = (what: string, measured: string, note?: string): Omit<Line, 'part'> => ({
  what,
  measured,
  budget: '',
  verdict: 'told',
  ...noted(note),
})

/** Something that should have been measured and was not: as bad as a budget that is missed. */
export const unmeasured = (what: string, why: string): Omit<Line, 'part'> => ({
  what,
  measured: 'not measured',
  budget: '',
  verdict: 'over',
  note: why,
})

export function printTable(lines: Line[]): void {
  const heads = ['what', 'measured', 'budget']
  const cells = lines.map(({ what, measured, budget }) => [what, measured, budget])
  const widths = heads.map((head, column) => Math.max(head.length, ...cells.map((row) => row[column]?.length ?? 0)))
  const aligned = (row: string[]) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')
  say()
  say(bold(`  ${aligned(heads)}  verdict`))
  let part = ''
  for (const [position, line] of lines.entries()) {
    if (line.part !== part) say(`${position === 0 ? '' : '\n'}${bold(line.part)}`)
    part = line.part
    say(
      `  ${aligned(cells[position] ?? [])}  ${shown(line.verdict)}${line.note === undefined ? '' : faint(`  ${line.note}`)}`,
    )
  }
  say()
}

const shown = (verdict: Verdict): string => {
  switch (verdict) {
    case 'ok':
      return green('ok')
    case 'over':
      return red('OVER')
    case 'told':
      return faint('–')
  }
}

const withUnit = (value: number, unit: string): string => {
  const rounded = Number.isInteger(value) ? String(value) : value.toFixed(Math.abs(value) < 10 ? 2 : 1)
  return unit === '×' ? `${rounded}×` : unit === '' ? rounded : `${rounded} ${unit}`
}

const noted = (note: string | undefined) => (note === undefined ? {} : { note })
