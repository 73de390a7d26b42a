import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { sendResponse, toRequest } from '../http.ts'
import { Connection } from './database.ts'
import { NoSuchStream, Pipeline, Streams } from './hrana.ts'

export type LibsqlServer = { url: string; close: () => Promise<void> }

/**
 * Plays a libSQL server over a file: Hrana 2 over HTTP, on loopback alone, for who has the token where there is one. It
 * keeps no process alive.
 */
export const startLibsql = async ({
  file,
  port = 0,
  token,
}: {
  file: string
  port?: number
  token?: string
}): Promise<LibsqlServer> => {
  const streams = new Streams(() => new Connection(file))
  const answer = async (request: Request): Promise<Response> => {
    const { pathname } = new URL(request.url)
    if (token !== undefined && request.headers.get('authorization') !== `Bearer ${token}`)
      return Response.json({ message: 'The token is not valid.', code: 'AUTH_REJECTED' }, { status: 401 })
    if (request.method === 'GET' && pathname === '/v2') return new Response('Hrana over HTTP, version 2')
    if (request.method !== 'POST' || pathname !== '/v2/pipeline')
      return Response.json({ message: 'There is nothing here.' }, { status: 404 })
    const pipeline = Pipeline.safeParse(await request.json().catch(() => undefined))
    if (!pipeline.success) return Response.json({ message: pipeline.error.message }, { status: 400 })
    try {
      return Response.json(streams.answer(pipeline.data))
    } catch (error) {
      if (error instanceof NoSuchStream)
        return Response.json({ message: error.message, code: 'STREAM_EXPIRED' }, { status: 400 })
      throw error
    }
  }
  const server = createServer((incoming, outgoing) => {
    toRequest(incoming, 'http://127.0.0.1')
      .then(answer)
      .catch((error: unknown) => Response.json({ message: String(error) }, { status: 500 }))
      .then((response) => sendResponse(response, outgoing))
      .catch(() => outgoing.destroy())
  })
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  server.unref()
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
      streams.close()
    },
  }
}
