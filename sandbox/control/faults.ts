export type FaultKind = 'status' | 'broken-json' | 'empty-page' | 'hang' | 'drop'

export type Fault = {
  tenantId: string | undefined
  /** Part of the path with its query, or a regular expression over it. */
  match: string
  kind: FaultKind
  status: number
  retryAfterSeconds: number | undefined
  /** How many more requests it befalls. */
  times: number
}

/** Misbehaviour that was asked for, and which request it befalls. */
export class Faults {
  #faults: Fault[] = []

  add(fault: Fault): void {
    this.#faults.push(fault)
  }

  list(): readonly Fault[] {
    return this.#faults
  }

  clear(): void {
    this.#faults = []
  }

  /** The oldest fault that fits; it is used up once by this. */
  take(tenantId: string | undefined, pathAndQuery: string): Fault | undefined {
    const fault = this.#faults.find(
      (candidate) =>
        (candidate.tenantId === undefined || candidate.tenantId === tenantId) && fits(candidate.match, pathAndQuery),
    )
    if (fault === undefined) return undefined
    fault.times -= 1
    if (fault.times <= 0) this.#faults = this.#faults.filter((candidate) => candidate !== fault)
    return fault
  }
}

function fits(match: string, pathAndQuery: string): boolean {
  if (pathAndQuery.includes(match)) return true
  try {
    return new RegExp(match).test(pathAndQuery)
  } catch {
    return false
  }
}
