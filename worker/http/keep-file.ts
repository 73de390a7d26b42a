import type { FileBody } from './body.ts'
import { Problem } from './problem.ts'

/**
 * Streams a file into storage, never more of it in memory than a piece at a time, and answers as many of its first
 * bytes as were asked for. What
 * comes shorter or longer than it was announced is not kept. Problem `malformed`.
 */
export const keepFile = async (
  files: R2Bucket,
  objectKey: string,
  file: FileBody,
  headByteCount: number,
): Promise<Uint8Array> => {
  const { readable, writable } = new FixedLengthStream(file.byteCount)
  const [stored, passed] = await Promise.allSettled([
    files.put(objectKey, readable),
    passOn(file, writable, headByteCount),
  ])
  if (passed.status === 'fulfilled' && stored.status === 'fulfilled') return passed.value
  // Whichever end failed first, nothing may stay of it; a put that was broken off stores nothing.
  if (stored.status === 'fulfilled') await files.delete(objectKey)
  if (passed.status === 'rejected' && passed.reason instanceof Problem) throw passed.reason
  throw stored.status === 'rejected' ? stored.reason : new Error('The storage took part of a file.')
}

const passOn = async (
  file: FileBody,
  writable: WritableStream<Uint8Array>,
  headByteCount: number,
): Promise<Uint8Array> => {
  const [reader, writer] = [file.bytes.getReader(), writable.getWriter()]
  // What fails is told by reading, writing and the put; these would tell it again, to nobody.
  for (const told of [reader.closed, writer.closed, writer.ready]) told.catch(() => undefined)
  const head = new Uint8Array(Math.min(headByteCount, file.byteCount))
  let byteCount = 0
  const broken = async (detail: string): Promise<never> => {
    const problem = new Problem('malformed', detail)
    await writer.abort(problem).catch(() => undefined)
    await reader.cancel(problem).catch(() => undefined)
    throw problem
  }
  for (;;) {
    const piece = await reader.read().catch(() => broken('The file was cut off on its way. Send it again.'))
    if (piece.done) break
    if (byteCount < head.length) head.set(piece.value.subarray(0, head.length - byteCount), byteCount)
    byteCount += piece.value.byteLength
    if (byteCount > file.byteCount) await broken('More came than was announced (Content-Length).')
    await writer.write(piece.value)
  }
  if (byteCount < file.byteCount) await broken('Less came than was announced (Content-Length). Send it again.')
  await writer.close()
  return head
}
