import type { Context } from 'hono'
import { Problem } from './problem.ts'

/** JSON bodies are small; files have routes of their own. */
const JSON_BYTES_MAX = 256 * 1024

/** Reads a JSON body up to its limit, as UTF-8 without ambiguities or not at all, so that what follows parses text that is known good. */
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
  try {
    JSON.parse(text)
  } catch {
    throw new Problem('malformed', 'The body is not valid JSON.')
  }
  const ambiguity = ambiguityIn(text)
  if (ambiguity !== undefined) throw new Problem('malformed', ambiguity)
  // Hono keeps there what its own text() gives, a promise; its type names what that comes to.
  c.req.bodyCache.text = Promise.resolve(text) as never
  return text
}

/** Refuses a body of a kind, or in a packing, that the route does not declare. `kinds` are media types in lower case. */
export const checkKind = (c: Context, kinds: string[]): void => {
  const kind = c.req.header('content-type')?.split(';')[0]?.trim().toLowerCase()
  if (kind === undefined || !kinds.includes(kind))
    throw new Problem('unsupported_media_type', `Send the body as ${kinds.join(' or ')}.`)
  if ((c.req.header('content-encoding') ?? 'identity').trim().toLowerCase() !== 'identity')
    throw new Problem('unsupported_media_type', 'Send the body as it is, without Content-Encoding.')
}

/**
 * What two readers of a valid JSON text could read differently (RFC 7493, section 2): a name given twice, a number
 * that is none here, text that is not whole characters. Undefined when there is nothing of the kind. Pure; does not recurse.
 */
export const ambiguityIn = (json: string): string | undefined => {
  const open: (Set<string> | undefined)[] = []
  for (const [token, text, colon] of json.matchAll(/("[^"\\]*(?:\\.[^"\\]*)*")(\s*:)?|[[\]{}]|-?\d[\d.eE+-]*/g)) {
    if (text !== undefined) {
      const said = JSON.parse(text) as string
      if (!said.isWellFormed() || said.includes('\0')) return 'The body holds text with a character that is none.'
      const names = open.at(-1)
      if (colon === undefined || names === undefined) continue
      if (names.has(said)) return `The body says “${said.slice(0, 100)}” twice.`
      names.add(said)
    } else if (token === '{') open.push(new Set())
    else if (token === '[') open.push(undefined)
    else if (token === '}' || token === ']') open.pop()
    else if (!Number.isFinite(Number(token))) return 'The body holds a number that is too large.'
  }
  return undefined
}

const readUpTo = async (request: Request, byteCountMax: number): Promise<Uint8Array> => {
  const reader = request.body?.getReader()
  if (reader === undefined) return new Uint8Array()
  const chunks: Uint8Array[] = []
  let byteCount = 0
  for (;;) {
    // The body of a request is bytes, whatever the runtime's type leaves open.
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
  statedLength(c, byteCountMax, told)
  try {
    return await readUpTo(c.req.raw, byteCountMax)
  } catch (error) {
    if (error instanceof Problem) throw told()
    throw error
  }
}

/** A file on its way in: as long as it says it is, or it is refused while it is read. */
export type FileBody = { byteCount: number; bytes: ReadableStream<Uint8Array> }

/** A file body of at most so many bytes, which must state its length, to be passed on as it comes. */
export const fileBody = (c: Context, byteCountMax: number, told: () => Problem): FileBody => ({
  byteCount: statedLength(c, byteCountMax, told),
  // Bytes, as above.
  bytes: (c.req.raw.body ?? new Blob([]).stream()) as ReadableStream<Uint8Array>,
})

const statedLength = (c: Context, byteCountMax: number, told: () => Problem): number => {
  const declared = c.req.header('content-length')
  if (declared === undefined || !/^\d{1,15}$/.test(declared))
    throw new Problem('length_required', 'Say how long the file is (Content-Length).')
  if (Number(declared) > byteCountMax) throw told()
  return Number(declared)
}
