/** D1 takes values of at most 2 MB ("Limits"), and rows travel as one. */
const BYTES_PER_STATEMENT = 1_500_000

/** Rows in as few portions as fit into one statement each. */
export const portionsOf = <R>(rows: R[], byteCountMax = BYTES_PER_STATEMENT): R[][] => {
  const encoder = new TextEncoder()
  const portions: R[][] = []
  let byteCount = Number.POSITIVE_INFINITY
  for (const row of rows) {
    const more = encoder.encode(JSON.stringify(row)).byteLength
    if (byteCount + more > byteCountMax) {
      portions.push([])
      byteCount = 0
    }
    portions.at(-1)?.push(row)
    byteCount += more
  }
  return portions
}
