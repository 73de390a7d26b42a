import type { Context, Next } from 'hono'
import type { IncomingMessage, ServerResponse } from 'node:http'

const bodyBytesMax = 10 * 1024 * 1024

/** A standard Request of what came in over node:http; addressed by our own base, whatever the Host header says. */
export async function toRequest(incoming: IncomingMessage, base: string): Promise<Request> {
  const headers = new Headers()
  for (let position = 0; position + 1 < incoming.rawHeaders.length; position += 2) {
    headers.append(incoming.rawHeaders[position] ?? '', incoming.rawHeaders[position + 1] ?? '')
  }
  const method = incoming.method ?? 'GET'
  const url = new URL(incoming.url ?? '/', base)
  if (method === 'GET' || method === 'HEAD') return new Request(url, { method, headers })
  return new Request(url, { method, headers, body: await readBody(incoming) })
}

export async function readBody(incoming: IncomingMessage): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of incoming as AsyncIterable<Uint8Array>) {
    size += chunk.byteLength
    if (size > bodyBytesMax) throw new Error('The request body is too large.')
    chunks.push(chunk)
  }
  return new Uint8Array(Buffer.concat(chunks))
}

export async function sendResponse(response: Response, outgoing: ServerResponse): Promise<void> {
  const body = Buffer.from(await response.arrayBuffer())
  const cookies = response.headers.getSetCookie()
  outgoing.statusCode = response.status
  for (const [name, value] of response.headers) if (name !== 'set-cookie') outgoing.setHeader(name, value)
  if (cookies.length > 0) outgoing.setHeader('set-cookie', cookies)
  outgoing.setHeader('content-length', body.byteLength)
  outgoing.end(body)
}

/** Programs and our own pages may throw switches; a page of another site that is open in the same browser may not. */
export async function ownPagesOnly(context: Context, next: Next): Promise<Response | void> {
  const origin = context.req.header('origin')
  const isOwn = origin === undefined || (URL.canParse(origin) && new URL(origin).host === context.req.header('host'))
  if (!isOwn && context.req.method !== 'GET') return context.json({ error: 'Another site may not do this.' }, 403)
  await next()
}
