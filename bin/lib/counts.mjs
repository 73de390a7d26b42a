// What each runner's report says, as one kind of count. A suite that broke before its tests ran counts as one failure.

/** @typedef {{ passed: number, failed: number, skipped: number }} Counts */

/** @type {Counts} */
export const nothing = { passed: 0, failed: 0, skipped: 0 }

/**
 * @param {Counts} a
 * @param {Counts} b
 * @returns {Counts}
 */
export function sum(a, b) {
  return { passed: a.passed + b.passed, failed: a.failed + b.failed, skipped: a.skipped + b.skipped }
}

/**
 * @typedef {{ status: string, assertionResults: { status: string }[] }} VitestSuite
 * @param {{ testResults: VitestSuite[] }} report vitest's JSON reporter
 * @returns {Counts}
 */
export function countVitest({ testResults }) {
  return testResults.reduce((counts, { status, assertionResults }) => {
    const suite = countBy(assertionResults.map((test) => test.status))
    return sum(counts, status === 'failed' && suite.failed === 0 ? { ...suite, failed: 1 } : suite)
  }, nothing)
}

/**
 * @param {{ stats: { expected: number, unexpected: number, flaky: number, skipped: number }, errors?: unknown[] }} report Playwright's JSON reporter
 * @returns {Counts}
 */
export function countPlaywright({ stats, errors = [] }) {
  return { passed: stats.expected, failed: stats.unexpected + stats.flaky + errors.length, skipped: stats.skipped }
}

/**
 * @param {string[]} statuses
 * @returns {Counts}
 */
function countBy(statuses) {
  const passed = statuses.filter((status) => status === 'passed').length
  const failed = statuses.filter((status) => status === 'failed').length
  return { passed, failed, skipped: statuses.length - passed - failed }
}

/**
 * The run's last line, alone on its line, for people and programs alike.
 * @param {Counts} counts
 */
export function closingLine({ passed, failed }) {
  return `${passed} passed, ${failed} failed`
}
