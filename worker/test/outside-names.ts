import { environment } from './stage.ts'

type Reply = () => Response | Promise<Response>
type Asked = { method: string; url: URL }
type Edge = { id: string; hostname: string; status: string; sslStatus: string; refreshCount: number }

/**
 * The DNS and Cloudflare's custom hostnames for feature tests, inside the test's own isolate: they say what a test set.
 * They take the place of the global fetch for the rest of the file and let nothing else out.
 */
export const startOutsideNames = () => {
  const texts = new Map<string, string[]>()
  const aliases = new Map<string, string>()
  const broken = new Set<string>()
  const edge = new Map<string, Edge>()
  let interruptions: { match: (asked: Asked) => boolean; reply: Reply; timesLeft: number }[] = []
  let asked: string[] = []
  const dns = new URL(environment.DNS_URL)
  const cloudflare = new URL(environment.CLOUDFLARE_API_URL)

  const answer = async (one: Asked, body: string): Promise<Response> => {
    asked.push(`${one.method} ${one.url.origin === dns.origin ? 'dns' : 'edge'}`)
    const interruption = interruptions.find(({ match }) => match(one))
    if (interruption !== undefined) {
      interruption.timesLeft -= 1
      interruptions = interruptions.filter(({ timesLeft }) => timesLeft > 0)
      return interruption.reply()
    }
    if (one.url.origin === dns.origin) return answerOfDns(one.url)
    if (one.url.origin === cloudflare.origin) return answerOfCloudflare(one, body)
    throw new Error(`A test reached for ${one.url.origin}.`)
  }

  const answerOfDns = ({ searchParams }: URL): Response => {
    const name = searchParams.get('name') ?? ''
    if ([...broken].some((zone) => name.endsWith(zone))) return Response.json({ Status: 2 })
    if (searchParams.get('type') === 'TXT') {
      const found = texts.get(name) ?? []
      return Response.json({
        Status: found.length === 0 ? 3 : 0,
        Answer: found.map((text) => ({ name, type: 16, data: `"${text}"` })),
      })
    }
    if (name === environment.CUSTOM_HOSTNAME_TARGET)
      return Response.json({ Status: 0, Answer: [{ name, type: 1, data: '192.0.2.80' }] })
    const alias = aliases.get(name)
    return Response.json({
      Status: alias === undefined ? 3 : 0,
      ...(alias === undefined ? {} : { Answer: [{ name, type: 5, data: `${alias}.` }] }),
    })
  }

  const answerOfCloudflare = ({ method, url }: Asked, body: string): Response => {
    const given = (result: unknown) => Response.json({ success: true, errors: [], messages: [], result })
    const id = url.pathname.split('/custom_hostnames/')[1]
    const wire = ({ id: own, hostname, status, sslStatus }: Edge) => ({
      id: own,
      hostname,
      status,
      ssl: { status: sslStatus },
    })
    if (id === undefined && method === 'GET') {
      const wanted = url.searchParams.get('hostname') ?? ''
      return given([...edge.values()].filter(({ hostname }) => hostname.includes(wanted)).map(wire))
    }
    if (id === undefined) {
      const { hostname } = JSON.parse(body) as { hostname: string }
      const made = { id: crypto.randomUUID(), hostname, status: 'active', sslStatus: 'active', refreshCount: 0 }
      edge.set(hostname, made)
      return given(wire(made))
    }
    const one = [...edge.values()].find((each) => each.id === id)
    if (one === undefined)
      return Response.json({ success: false, errors: [{ code: 1436, message: 'Not found.' }] }, { status: 404 })
    if (method === 'DELETE') edge.delete(one.hostname)
    else one.refreshCount += 1
    return method === 'DELETE' ? Response.json({ id }) : given(wire(one))
  }

  globalThis.fetch = async (input, init) => {
    const request = new Request(input, init)
    return answer({ method: request.method, url: new URL(request.url) }, await request.text())
  }

  return {
    edge,
    /** Name servers of a zone that fail. */
    broken,
    prove: (hostname: string, ...said: string[]): void => {
      texts.set(`_portal-proof.${hostname}`, said)
    },
    unprove: (hostname: string): void => {
      texts.delete(`_portal-proof.${hostname}`)
    },
    lead: (hostname: string, target: string = environment.CUSTOM_HOSTNAME_TARGET): void => {
      aliases.set(hostname, target)
    },
    leadNowhere: (hostname: string): void => {
      aliases.delete(hostname)
    },
    /** The next requests of this kind are answered by `reply` instead. */
    interrupt: (where: 'dns' | 'edge', method: string, reply: Reply, times = 1): void => {
      const origin = where === 'dns' ? dns.origin : cloudflare.origin
      interruptions.push({
        match: (one) => one.url.origin === origin && one.method === method,
        reply,
        timesLeft: times,
      })
    },
    /** What was asked since the last time, such as `GET dns`. */
    askedSince: (): string[] => {
      const taken = asked
      asked = []
      return taken
    },
  }
}

export const dropped = (): never => {
  throw new TypeError('Network connection lost.')
}
