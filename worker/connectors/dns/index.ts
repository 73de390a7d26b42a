import { ConnectorFault } from '../connector.ts'
import { exchange, parsed } from '../exchange.ts'
import type { Caller } from '../exchange.ts'
import type { Dns, DnsAnswer } from '../dns.ts'
import { addressesIn, leadsIn, textsIn, wireAnswer } from './mapping.ts'
import type { WireAnswer } from './mapping.ts'

export type DnsConfig = Pick<Caller, 'fetch' | 'now' | 'beforeEach'> & {
  /** Where DNS is asked over HTTPS, such as `https://cloudflare-dns.com/dns-query`. */
  dnsUrl: string
}

const vendor = 'DNS'
const called = 'The name service'

/** Response codes (RFC 6895, section 2.3): the name is not there; its own servers fail, do not know how, or refuse. */
const NO_ERROR = 0
const NO_SUCH_NAME = 3
const NAME_SERVERS_AT_FAULT = new Set([1, 2, 4, 5])

/** DNS over HTTPS, as JSON (`application/dns-json`). */
export const dnsOverHttps = ({ dnsUrl, ...asking }: DnsConfig): Dns => {
  const caller: Caller = { ...asking, vendor, called }

  const ask = async (name: string, type: 'TXT' | 'A' | 'AAAA'): Promise<WireAnswer> => {
    const url = new URL(dnsUrl)
    url.search = new URLSearchParams({ name, type }).toString()
    const answer = await exchange(caller, url.href, { method: 'GET', headers: { accept: 'application/dns-json' } })
    if (answer.status === 429)
      throw new ConnectorFault('throttled', vendor, `${called} asked to slow down.`, answer.retryAfterSeconds)
    if (answer.status >= 500 || answer.status === 408)
      throw new ConnectorFault(
        'down',
        vendor,
        `${called} is out of order (${answer.status}).`,
        answer.retryAfterSeconds,
      )
    if (answer.status !== 200)
      throw new ConnectorFault('rejected', vendor, `${called} refused the question (${answer.status}).`)
    return parsed(caller, answer.body, wireAnswer)
  }

  const answerOf = <T>(answer: WireAnswer, value: (answer: WireAnswer) => T): DnsAnswer<T> => {
    if (answer.Status === NO_ERROR || answer.Status === NO_SUCH_NAME) return { kind: 'answer', value: value(answer) }
    if (NAME_SERVERS_AT_FAULT.has(answer.Status)) return { kind: 'unreadable' }
    throw new ConnectorFault('rejected', vendor, `${called} answered with a code that is not known here.`)
  }

  return {
    texts: async (name) => answerOf(await ask(name, 'TXT'), textsIn),
    leads: async (name) => answerOf(await ask(name, 'A'), leadsIn),
    addresses: async (name) => {
      const [four, six] = [answerOf(await ask(name, 'A'), addressesIn), answerOf(await ask(name, 'AAAA'), addressesIn)]
      if (four.kind === 'unreadable' || six.kind === 'unreadable') return { kind: 'unreadable' }
      return { kind: 'answer', value: [...four.value, ...six.value] }
    },
  }
}
