import type { Context } from 'hono'
import { Problem } from './problem.ts'

/** JSON bodies are small; files have routes of their own. */
const JSON_BYTES_MAX = 256 * 1024

/** Reads a JSON body up to its limit, as UTF-8 or not at all, so that what follows parses text that is known good. */
export const readJsonBody = async (c: Context): Promise<string> => {
  const declared = c.req.header('content-length')
  if (declared !== undefined && Number(declared) > JSON_BYTES_MAX) throw tooLarge()
  const bytes = await readUpTo(c.req.raw, JSON_BYTES_MAX)
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: false }).decode(bytes)
  } catch {
    throw new Problem('malformed', 'The body is not valid UTF-8.')
  }
  if (c.req.header('content-type')?.toLowerCase().startsWith('application/json') === true) {
    try {
      JSON.parse(text)
    } catch {
      throw new Problem('malformed', 'The body is not valid JSON.')
    }
  }
  c.req.bodyCache.text = Promise.resolve(text) as never
  return text
}

const readUpTo = async (request: Request, byteCountMax: number): Promise<Uint8Array> => {
  const reader = request.body?.getReader()
  if (reader === undefined) return new Uint8Array()
  const chunks: Uint8Array[] = []
  let byteCount = 0
  for (;;) {
    const { done, value } = (await reader.read()) as { done: boolean; value?: Uint8Array }
    if (done || value === undefined) break
    byteCount += value.byteLength
    if (byteCount > byteCountMax) {
      await reader.cancel()
      throw tooLarge()
    }
    chunks.push(value)
  }
  const whole = new Uint8Array(byteCount)
  let at = 0
  for (const chunk of chunks) {
    whole.set(chunk, at)
    at += chunk.byteLength
  }
  return whole
}

const tooLarge = () => new Problem('too_large', `A request body may be at most ${JSON_BYTES_MAX / 1024} KB.`)

/** Reads a file body of at most so many bytes, which must state its length. */
export const readFileBody = async (c: Context, byteCountMax: number, told: () => Problem): Promise<Uint8Array> => {
  const declared = c.req.header('content-length')
  if (declared === undefined || !/^\d+$/.test(declared))
    throw new Problem('length_required', 'Say how long the file is (Content-Length).')
  if (Number(declared) > byteCountMax) throw told()
  try {
    return await readUpTo(c.req.raw, byteCountMax)
  } catch (error) {
    if (error instanceof Problem) throw told()
    throw error
  }
}
