import type { Report, ReportKind } from '../api/shapes.ts'

export type { Report, ReportKind } from '../api/shapes.ts'

export type Period = { from?: string; to?: string }
export type ReportFormat = 'csv' | 'xlsx'

/** Where reports come from: a portal's own, or those of a customer as staff have them. */
export type ReportSource = {
  read: (report: ReportKind, period: Period, cursor?: string) => Promise<Report>
  save: (report: ReportKind, format: ReportFormat, period: Period) => Promise<void>
}

/** All pages of a report as one; `onRows` is told how many rows are there as they come. */
export async function readWhole(
  source: ReportSource,
  report: ReportKind,
  period: Period,
  onRows: (count: number) => void,
): Promise<Report> {
  const first = await source.read(report, period)
  const rows = first.rows
  for (let { nextCursor } = first; nextCursor !== null;) {
    onRows(rows.length)
    const page = await source.read(report, period, nextCursor)
    rows.push(...page.rows)
    nextCursor = page.nextCursor
  }
  return { ...first, rows, nextCursor: null }
}
