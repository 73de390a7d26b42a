import type { Context } from 'hono'
import type { Environment } from '../env.ts'
import { contentDisposition, rangeOf } from './download.ts'
import type { Disposition } from './download.ts'
import { Problem, missing } from './problem.ts'
import { downloadName, opensInTab } from './media-type.ts'
import type { MediaType } from './media-type.ts'

/** A file as its row tells of it: its bytes are in R2 and never change. */
export type StoredFile = { id: string; name: string; mediaType: MediaType; byteCount: number; objectKey: string }

/**
 * The bytes of a file: saved under its name, or shown in a tab when they are of a kind that browsers show without
 * running it. A part of them where the request asks for one. Problems: `missing`, `range_not_satisfiable`.
 */
export const serveFile = async (
  c: Context,
  environment: Environment,
  row: StoredFile,
  disposition: Disposition,
): Promise<Response> => {
  if (disposition === 'inline' && !opensInTab(row.mediaType)) throw missing('page of this file')
  // Its bytes never change, so its id names them.
  const tag = `"${row.id}"`
  const asksFor = c.req.header('if-range')
  const range = asksFor === undefined || asksFor === tag ? rangeOf(c.req.header('range'), row.byteCount) : undefined
  if (range === 'unsatisfiable') throw new Problem('range_not_satisfiable', `This file has ${row.byteCount} bytes.`)
  const object = await environment.files.get(row.objectKey, range === undefined ? {} : { range })
  if (object === null) throw missing('file')
  const headers = new Headers({
    // What is saved is opened by what the disk thinks of its name; no browser is to think of showing it.
    'content-type': disposition === 'inline' ? row.mediaType : 'application/octet-stream',
    'content-disposition': contentDisposition(disposition, downloadName(row.name, row.mediaType)),
    'content-length': String(range?.length ?? row.byteCount),
    'content-security-policy': policyOf(row, disposition),
    'cache-control': 'no-store',
    'accept-ranges': 'bytes',
    etag: tag,
  })
  if (range === undefined) return new Response(object.body, { headers })
  headers.set('content-range', `bytes ${range.offset}-${range.offset + range.length - 1}/${row.byteCount}`)
  return new Response(object.body, { status: 206, headers })
}

/** Chrome does not show a PDF in a sandboxed page; its viewer is a sandbox of its own, and the bytes are a PDF's. */
const policyOf = (row: StoredFile, disposition: Disposition): string =>
  disposition === 'inline' && row.mediaType === 'application/pdf'
    ? `default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'none'`
    : `default-src 'none'; sandbox; frame-ancestors 'none'`
