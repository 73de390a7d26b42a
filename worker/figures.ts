/** A count as people read it: 1,000. */
export const inFigures = (count: number): string => count.toLocaleString('en-GB')

/** So many of something: 1 seat, 1,000 seats. */
export const counted = (count: number, one: string, many: string): string =>
  `${inFigures(count)} ${count === 1 ? one : many}`
