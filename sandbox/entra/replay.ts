import { IncomingMessage, type ServerResponse } from 'node:http'

/** What node:http gave us, carried along with the standard Request. */
export type NodeBindings = { incoming: IncomingMessage; outgoing: ServerResponse }

/**
 * The same request again for code that reads it itself: with its body unread, under a path counted from where that
 * code is mounted.
 */
export function replay(incoming: IncomingMessage, mountedAt: string, path: string, body: Uint8Array): IncomingMessage {
  const request = new IncomingMessage(incoming.socket)
  request.method = incoming.method ?? 'GET'
  request.url = path
  request.httpVersion = incoming.httpVersion
  request.httpVersionMajor = incoming.httpVersionMajor
  request.httpVersionMinor = incoming.httpVersionMinor
  request.headers = { ...incoming.headers, 'content-length': String(body.byteLength) }
  delete request.headers['transfer-encoding']
  Object.assign(request, { baseUrl: mountedAt })
  if (body.byteLength > 0) request.push(body)
  request.push(null)
  // Otherwise reading to the end looks like a broken connection to node, which then cuts it.
  request.complete = true
  return request
}

const sentAlready = new WeakSet<Response>()

/** The answer of a handler that wrote to node's response by itself. */
export function alreadySent(): Response {
  const response = new Response(null)
  sentAlready.add(response)
  return response
}

export function isAlreadySent(response: Response): boolean {
  return sentAlready.has(response)
}
