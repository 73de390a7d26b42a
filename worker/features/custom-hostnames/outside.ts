import { now } from '../../clock.ts'
import { cloudflareHostnames } from '../../connectors/cloudflare/index.ts'
import type { CustomHostnames, EdgeHostname } from '../../connectors/custom-hostnames.ts'
import type { Dns } from '../../connectors/dns.ts'
import { dnsOverHttps } from '../../connectors/dns/index.ts'
import type { HostnameFindings } from '../../../db/shard/schema.ts'
import type { Environment } from '../../env.ts'
import { PROOF_LABEL } from './hostname.ts'

/** The edge and the name service, each call begun only once `keep` allows it. */
export const outsideOf = (
  environment: Environment,
  keep: () => Promise<void>,
): { edge: CustomHostnames; dns: Dns; target: string } => {
  const asking = {
    fetch: (address: string, request: RequestInit) => fetch(address, request),
    now,
    beforeEach: keep,
  }
  return {
    edge: cloudflareHostnames({
      ...asking,
      apiUrl: environment.CLOUDFLARE_API_URL,
      zoneId: environment.CLOUDFLARE_ZONE_ID,
      token: environment.CLOUDFLARE_TOKEN,
    }),
    dns: dnsOverHttps({ ...asking, dnsUrl: environment.DNS_URL }),
    target: environment.CUSTOM_HOSTNAME_TARGET.toLowerCase(),
  }
}

type Seen = Pick<HostnameFindings, 'proof' | 'address' | 'leadsTo'>

/** What the name servers say of a name: whether its owner put our text there, and where it leads. */
export const lookUp = async (dns: Dns, hostname: string, proofText: string, target: string): Promise<Seen> => {
  const texts = await dns.texts(`${PROOF_LABEL}.${hostname}`)
  const leads = await dns.leads(hostname)
  return { proof: proofIn(texts, proofText), ...(await addressIn(dns, leads, target)) }
}

const proofIn = (answer: Awaited<ReturnType<Dns['texts']>>, proofText: string): Seen['proof'] => {
  if (answer.kind === 'unreadable') return 'unreadable'
  if (answer.value.some((text) => text.trim() === proofText)) return 'ours'
  return answer.value.length === 0 ? 'missing' : 'other'
}

const addressIn = async (
  dns: Dns,
  answer: Awaited<ReturnType<Dns['leads']>>,
  target: string,
): Promise<Pick<Seen, 'address' | 'leadsTo'>> => {
  if (answer.kind === 'unreadable') return { address: 'unreadable', leadsTo: null }
  const { aliases, addresses } = answer.value
  if (aliases.includes(target)) return { address: 'here', leadsTo: null }
  const leadsTo = aliases[0] ?? addresses[0] ?? null
  if (leadsTo === null) return { address: 'missing', leadsTo: null }
  // A name at the top of its zone cannot be a CNAME: its servers give out the addresses of what it stands for.
  const ours = await dns.leads(target)
  const isHere = ours.kind === 'answer' && addresses.some((one) => ours.value.addresses.includes(one))
  return isHere ? { address: 'here', leadsTo: null } : { address: 'elsewhere', leadsTo }
}

export const edgeFindings = ({ state, certificate, said }: EdgeHostname): NonNullable<HostnameFindings['edge']> => ({
  state,
  certificate,
  said,
})
