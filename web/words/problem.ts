import type { ProblemError } from '../api/problem.ts'
import { common } from './common.ts'

/** A refusal or failure in words a person can act on. `details` are findings that belong to no field on the page. */
export function explain(problem: ProblemError, details: string[] = []): string {
  if (details.length > 0) return details.join(' ')
  if (problem.status === 0) return common.unreachable
  if (problem.status === 403) return problem.detail ?? common.notAllowed
  if (problem.status === 404) return common.gone
  if (problem.status === 412) return common.changedMeanwhile
  if (problem.status === 429) return common.tooMany(problem.retryAfterSeconds)
  if (problem.status >= 500) {
    return problem.requestId ? `${common.failed} ${common.request(problem.requestId)}.` : common.failed
  }
  return problem.detail ?? problem.message
}
