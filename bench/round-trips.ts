import { atMost, told, unmeasured } from './budget.ts'
import type { Part } from './budget.ts'
import { costOf } from './metered.ts'
import { operationsOfContract, readOf, writeOf } from './operations.ts'
import type { Msp } from './population.ts'
import { hosts } from './runtime.ts'
import type { Runtime } from './runtime.ts'

const callsPerRead = 2
const callsPerWrite = 3

/** D1 round trips of every operation in the contract, and of the two pages. */
export const roundTrips = async (runtime: Runtime, msp: Msp): Promise<Part> => {
  const reads: Part['lines'] = []
  const writes: Part['lines'] = []
  for (const operation of operationsOfContract()) {
    const { id, method } = operation
    const isRead = method === 'GET'
    const lines = isRead ? reads : writes
    try {
      const asked = isRead ? readOf(operation, msp) : await writeOf(operation, msp, runtime)
      if (asked === undefined) {
        lines.push(unmeasured(`${id}: D1 round trips`, 'bench/operations.ts has no example of it'))
        continue
      }
      const { calls, callsInBody, callsLater, statements } = await costOf(runtime, asked)
      const inBody = callsInBody === 0 ? '' : `, ${callsInBody} more while the body is read`
      const after = callsLater === 0 ? '' : `, ${callsLater} more after the answer`
      const line = atMost(`${id} (${isRead ? 'read' : 'write'})`, calls, isRead ? callsPerRead : callsPerWrite, '')
      lines.push({ ...line, note: `${statements} statements${inBody}${after}` })
    } catch (error) {
      lines.push(unmeasured(id, error instanceof Error ? error.message : String(error)))
    }
  }
  const customer = msp.customer(1)
  for (const [what, host, cookie] of [
    ['page of the admin area, signed in', hosts.admin, msp.staffCookie],
    ['page of a portal, signed in', customer.host, customer.cookie],
  ] as const) {
    const { calls } = await costOf(runtime, { host, path: '/', cookie })
    reads.push(told(what, String(calls)))
  }
  return { lines: [...reads, ...writes] }
}
