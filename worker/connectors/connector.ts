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
