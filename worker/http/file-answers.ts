import { z } from '@hono/zod-openapi'
import { problem } from './route.ts'

/** Bytes as they are. */
export const binary = { schema: { type: 'string' as const, format: 'binary' } }
const text = { schema: { type: 'string' as const }, required: true }
const headers = {
  'Content-Disposition': { ...text, description: 'The name to save it under' },
  'Accept-Ranges': { ...text, description: 'A Range of bytes may be asked for' },
  ETag: { ...text, description: 'Names its bytes, which never change' },
}
const part = { ...headers, 'Content-Range': { ...text, description: 'Which bytes these are, and of how many' } }

/** What an upload is named by whoever sends it, in its path. */
export const uploadKey = z
  .string()
  .regex(/^[\w.-]{1,100}$/)
  .describe("The sender's own name for this upload, such as a UUID: sent again under it, the file is not kept twice.")

/** A request whose body is a file as it is. */
export const fileAsItIs = { required: true, content: { 'application/octet-stream': binary } }

/** The answers with a file of these kinds. */
const fileOf = (...kinds: string[]) => {
  const content = Object.fromEntries(kinds.map((kind) => [kind, binary]))
  return {
    200: { description: 'The file', headers, content },
    206: { description: 'The part of it that was asked for', headers: part, content },
    416: problem('It has no such part'),
  }
}
/** A file, to be saved. */
export const file = fileOf('application/octet-stream')
/** A file of the kinds that browsers show without running them. */
export const shown = fileOf('application/pdf', 'image/png', 'image/jpeg', 'image/gif', 'image/webp')
