import { Agent, request } from 'node:http'

export type Asked = {
  host: string
  path: string
  method?: string
  cookie?: string
  headers?: Record<string, string>
  body?: string | Uint8Array
}
export type Answer = { status: number; headers: NodeJS.Dict<string | string[]>; body: Buffer }

/** A client of one port on this machine: hosts by name without a resolver, connections kept open. */
export const clientOf = (port: number, connectionCountMax = 8) => {
  const agent = new Agent({ keepAlive: true, maxSockets: connectionCountMax })
  const call = ({ host, path, method = 'GET', cookie, headers = {}, body }: Asked): Promise<Answer> =>
    new Promise((resolve, reject) => {
      const outgoing = request(
        {
          host: '127.0.0.1',
          port,
          path,
          method,
          agent,
          headers: {
            host: `${host}:${port}`,
            ...(cookie === undefined ? {} : { cookie }),
            ...(method === 'GET' ? {} : { origin: `http://${host}:${port}` }),
            ...(typeof body === 'string' ? { 'content-type': 'application/json' } : {}),
            ...(body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) }),
            ...headers,
          },
        },
        (answer) => {
          const chunks: Buffer[] = []
          answer.on('data', (chunk: Buffer) => chunks.push(chunk))
          answer.on('error', reject)
          answer.on('end', () =>
            resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: Buffer.concat(chunks) }),
          )
        },
      )
      outgoing.on('error', reject)
      outgoing.end(body)
    })
  return { call, close: () => agent.destroy() }
}

export type Client = ReturnType<typeof clientOf>

/** The request's answer, which must have gone well: a figure of a failure would be a lie. */
export const mustCall = async (client: Client, asked: Asked): Promise<Answer> => {
  const answer = await client.call(asked)
  if (answer.status >= 200 && answer.status < 300) return answer
  const { method = 'GET', host, path } = asked
  throw new Error(`${method} ${host}${path} answered ${answer.status}: ${answer.body.toString().slice(0, 500)}`)
}

/** Milliseconds that one request takes. */
export const timeOf = async (client: Client, asked: Asked): Promise<number> => {
  const startedAt = performance.now()
  await mustCall(client, asked)
  return performance.now() - startedAt
}

/** Requests per second over some milliseconds, with so many at once. */
export const rateOf = async (client: Client, asked: Asked, forMs: number, atOnce: number): Promise<number> => {
  const startedAt = performance.now()
  let answered = 0
  const one = async () => {
    while (performance.now() - startedAt < forMs) {
      await mustCall(client, asked)
      answered += 1
    }
  }
  await Promise.all(Array.from({ length: atOnce }, one))
  return answered / ((performance.now() - startedAt) / 1000)
}

export const median = (values: readonly number[]): number => {
  const sorted = values.toSorted((one, other) => one - other)
  const middle = Math.floor(sorted.length / 2)
  const upper = sorted[middle]
  if (upper === undefined) throw new Error('There is no median of nothing.')
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? upper) + upper) / 2
}
