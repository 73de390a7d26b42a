// Writes Node's own count of a test run as JSON; its printed summary is for people and changes between versions.

/** @param {AsyncIterable<{ type: string, data: any }>} source */
export default async function* count(source) {
  const counts = { passed: 0, failed: 0, skipped: 0 }
  for await (const { type, data } of source) {
    // Without a file it is the summary of the whole run.
    if (type !== 'test:summary' || data.file !== undefined) continue
    counts.passed = data.counts.passed
    counts.failed = data.counts.failed + data.counts.cancelled
    counts.skipped = data.counts.skipped + data.counts.todo
  }
  yield JSON.stringify(counts)
}
