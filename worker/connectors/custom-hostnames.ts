/**
 * The edge that answers for customers' own host names, with a certificate for each. Every failure is a ConnectorFault.
 * A name stands there once, whoever of our tenants it is for, so each step may be taken again.
 */
export interface CustomHostnames {
  /** The name as it stands at the edge, added there if it does not stand there yet. */
  ensure(hostname: string): Promise<EdgeHostname>
  /** Undefined when the edge does not know the name. */
  find(hostname: string): Promise<EdgeHostname | undefined>
  /** Has the edge look again whether the name leads there, and ask for its certificate again. */
  refresh(externalId: string): Promise<EdgeHostname>
  /** Takes it away with its certificate; one that is not there is taken away already. */
  remove(externalId: string): Promise<void>
}

export type EdgeHostname = {
  externalId: string
  hostname: string
  /** `gone`: it is being taken away there, or was. */
  state: 'pending' | 'active' | 'blocked' | 'moved' | 'gone'
  certificate: 'pending' | 'active' | 'failed'
  /** What keeps it from going on, in the edge's own words; at most three. */
  said: string[]
}
