export type FaultKind = 'unauthorized' | 'throttled' | 'rejected' | 'missing' | 'down'

/** How somebody else's system failed, in our words. Jobs decide from `kind` whether to retry; nobody else retries. */
export class ConnectorFault extends Error {
  readonly kind: FaultKind
  readonly vendor: string
  /** Seconds the vendor asked us to wait; undefined when it did not say. */
  readonly retryAfterSeconds: number | undefined

  constructor(kind: FaultKind, vendor: string, message: string, retryAfterSeconds?: number) {
    super(message)
    this.name = 'ConnectorFault'
    this.kind = kind
    this.vendor = vendor
    this.retryAfterSeconds = retryAfterSeconds
  }
}

/** The vendor does not let us read this part of a tenant, whose other parts it may well let us read. */
export class NotTold extends ConnectorFault {
  /** `permission`: an administrator has not allowed it. `licence`: the tenant's licences do not include it. */
  readonly why: 'permission' | 'licence'

  constructor(why: NotTold['why'], vendor: string, message: string) {
    super('unauthorized', vendor, message)
    this.why = why
  }
}
