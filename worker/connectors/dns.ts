/** What the world's name servers say. Every failure to ask them is a ConnectorFault. */
export interface Dns {
  /** The TXT records of a name; none when there are none, or no such name. */
  texts(name: string): Promise<DnsAnswer<string[]>>
  /** Where a name leads: the names it stands for, in lower case and without a dot at the end, and the addresses at their end. */
  leads(name: string): Promise<DnsAnswer<{ aliases: string[]; addresses: string[] }>>
  /** Every address of a name, of both kinds. */
  addresses(name: string): Promise<DnsAnswer<string[]>>
}

/** `unreadable`: the servers of that very name give no answer that can be used, as after a slip of its owner's. */
export type DnsAnswer<T> = { kind: 'answer'; value: T } | { kind: 'unreadable' }
