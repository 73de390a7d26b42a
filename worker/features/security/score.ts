import { oldest } from '../dashboard/index.ts'

/** A tenant's score of one day, in hundredths as it is kept. */
export type ScoreRow = {
  tenantId: string
  day: string
  currentHundredths: number
  maxHundredths: number
  comparisonHundredths: number | null
  asOf: number
}

export type Points = {
  current: number
  max: number
  percent: number
  /** What similar organisations reach, in per cent; null where Microsoft does not say. */
  comparison: number | null
}

export type Score = Points & {
  asOf: string | null
  days: ({ day: string } & Points)[]
  tenants: ({ tenantId: string; asOf: string | null } & Points)[]
}

/**
 * The score over all tenants, of rows in the order of their days; null where there is none. Points add up, each tenant's
 * as it was known last; the comparison is weighed by what each could reach.
 */
export const scoreOf = (rows: readonly ScoreRow[]): Score | null => {
  if (rows.length === 0) return null
  const newest = new Map<string, ScoreRow>()
  const days = [...Map.groupBy(rows, ({ day }) => day)].map(([day, ofDay]) => {
    for (const row of ofDay) newest.set(row.tenantId, row)
    return { day, ...together([...newest.values()]) }
  })
  const last = [...newest.values()]
  return {
    ...together(last),
    asOf: oldest(last.map(readAt)),
    days: days.filter(({ max }) => max > 0),
    tenants: last.map((row) => ({ tenantId: row.tenantId, asOf: oldest([readAt(row)]), ...together([row]) })),
  }
}

/** A score is of a day: today's is as fresh as its reading, an older one as that day's end. */
const readAt = ({ asOf, day }: ScoreRow): number => Math.min(asOf, Date.parse(`${day}T23:59:59Z`))

const together = (rows: readonly ScoreRow[]): Points => {
  const sum = (of: readonly ScoreRow[], pick: (row: ScoreRow) => number) =>
    of.reduce((total, row) => total + pick(row), 0)
  const [current, max] = [sum(rows, (row) => row.currentHundredths), sum(rows, (row) => row.maxHundredths)]
  const compared = rows.filter(({ comparisonHundredths }) => comparisonHundredths !== null)
  const weight = sum(compared, (row) => row.maxHundredths)
  return {
    current: current / 100,
    max: max / 100,
    percent: max === 0 ? 0 : tenths((current / max) * 100),
    comparison:
      weight === 0
        ? null
        : tenths(sum(compared, (row) => (row.comparisonHundredths ?? 0) * row.maxHundredths) / weight / 100),
  }
}

export const tenths = (value: number): number => Math.round(value * 10) / 10

/** What a tenant could still do for its score. */
export type ControlRow = {
  tenantId: string
  id: string
  title: string
  category: string | null
  pointsHundredths: number
  maxHundredths: number
  remediation: string
  asOf: number
}

/** The same thing to do in several tenants is one thing to do; what raises the score most comes first. */
export const controlsTogether = (rows: readonly ControlRow[]) =>
  [...Map.groupBy(rows, ({ id }) => id)]
    .flatMap(([id, ofIt]) => {
      const [first] = ofIt
      if (first === undefined) return []
      const sum = (pick: (row: ControlRow) => number) => ofIt.reduce((total, row) => total + pick(row), 0)
      const points = sum(({ pointsHundredths }) => pointsHundredths)
      const max = sum(({ maxHundredths }) => maxHundredths)
      const { title, category, remediation } = first
      const tenantIds = ofIt.map(({ tenantId }) => tenantId)
      const gain = (max - points) / 100
      return [{ id, title, category, remediation, points: points / 100, max: max / 100, gain, tenantIds }]
    })
    .filter(({ gain }) => gain > 0)
    .toSorted((one, other) => other.gain - one.gain || one.title.localeCompare(other.title, 'en'))
