/**
 * A row with these columns set, in its next version; the row itself when that sets nothing to anything else. Then a verb
 * has nothing to commit: whoever saves what is there already makes neither a version nor an entry in the activity.
 */
export const revised = <Row extends { version: number }>(before: Row, set: Partial<Omit<Row, 'version'>>): Row => {
  const known: Partial<Record<string, unknown>> = before
  const isSame = Object.entries(set).every(
    ([field, value]) => JSON.stringify(value ?? null) === JSON.stringify(known[field] ?? null),
  )
  return isSame ? before : { ...before, ...set, version: before.version + 1 }
}
