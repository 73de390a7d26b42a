/** An issue as a tenant has it. */
export type IssueRow = { tenantId: string; id: string; startedAt: number | null }

export type Marker = { startedAt: number; id: string }

/** What began at no moment that is known comes last. */
export const placeOf = ({ startedAt, id }: Pick<IssueRow, 'startedAt' | 'id'>): Marker => ({
  startedAt: startedAt ?? 0,
  id,
})

const compared = (one: Marker, other: Marker): number =>
  other.startedAt - one.startedAt || (one.id < other.id ? 1 : one.id > other.id ? -1 : 0)

/**
 * Issues of several tenants, the newest first, from a marker on. Microsoft tells each tenant of the same issue by the same id, so it
 * stands once, as the tenant has it that was read of it last, with all whom it concerns.
 */
export const issuesTogether = <Row extends IssueRow & { asOf: number }>(
  rows: readonly Row[],
  marker: Marker | undefined,
): (Row & { tenantIds: string[] })[] =>
  [...Map.groupBy(rows, ({ id }) => id).values()]
    .flatMap((ofIt) => {
      const newest = ofIt.reduce((kept, row) => (row.asOf > kept.asOf ? row : kept))
      return [{ ...newest, tenantIds: ofIt.map(({ tenantId }) => tenantId).toSorted() }]
    })
    .filter((issue) => marker === undefined || compared(placeOf(issue), marker) > 0)
    .toSorted((one, other) => compared(placeOf(one), placeOf(other)))
