import { and, eq, isNull, sql } from 'drizzle-orm'
import { Refused } from '../../../db/connect.ts'
import { customers, ticketFiles } from '../../../db/shard/schema.ts'
import { now } from '../../clock.ts'
import type { Environment } from '../../env.ts'
import type { FileBody } from '../../http/body.ts'
import { keepFile } from '../../http/keep-file.ts'
import { HEAD_BYTES, mediaTypeOf } from '../../http/media-type.ts'
import { Problem, invalidField, missing } from '../../http/problem.ts'
import type { ObjectKind } from '../../jobs/objects.ts'
import { among } from '../../tenancy/among.ts'
import { hashOf, newId } from '../../tenancy/ids.ts'
import type { Actor, ContactScope, CustomerScope, Write } from '../../tenancy/scope.ts'

export type FileRow = typeof ticketFiles.$inferSelect

export const FILE_BYTES_MAX = 25 * 1024 * 1024
/** So many go with one entry. */
export const FILE_COUNT_MAX = 10
/** So many of one person may wait to be sent: an entry's worth, and what was put into others and left. */
const UNSENT_COUNT_MAX = 40
/** What was uploaded and not sent is kept this long, so that a draft of yesterday can still be sent. */
export const UNSENT_KEPT_MS = 7 * 86_400_000

export const fileTooLarge = () => new Problem('too_large', `A file has at most ${FILE_BYTES_MAX / 1024 / 1024} MB.`)

/** Who uploads: only they can send it, or take it away, until it is sent. */
type Uploader = Pick<Actor, 'kind' | 'id' | 'name'>

/**
 * Takes a file that is to go with something still being written. Its bytes go to storage first and the row after, so a row
 * never points at nothing. The upload key is the sender's own name for this upload: sent again, it is answered by the file
 * it made. Problems: `invalid` when empty, `malformed` when not all of it came, `conflict` when the key was used for another
 * file or too many wait to be sent, `missing` when the customer is gone.
 */
export const uploadFile = async (
  environment: Environment,
  customer: CustomerScope,
  uploadKey: string,
  name: string,
  file: FileBody,
): Promise<FileRow> => {
  const uploader: Uploader = customer.actor
  const uploadHash = await hashOf(`${customer.customerId}\n${uploader.kind}\n${uploader.id}\n${uploadKey}`)
  if (file.byteCount === 0) throw invalidField('', 'This file is empty.')
  const [[itself], [known]] = await customer.readAll([
    customer.select({ mspId: customers.mspId }).from(customers).where(customer.mine(customers)),
    customer
      .select()
      .from(ticketFiles)
      .where(customer.mine(ticketFiles, eq(ticketFiles.uploadHash, uploadHash))),
  ])
  if (itself === undefined) throw missing('customer')
  const { mspId } = itself
  if (known !== undefined) {
    await file.bytes.pipeTo(new WritableStream()).catch(() => undefined)
    return sameFile(known, file)
  }
  const at = now()
  const id = newId(at)
  const objectKey = `${mspId}/${ticketObjects.kind}/${id}`
  const mediaType = mediaTypeOf(await keepFile(environment.files, objectKey, file, HEAD_BYTES))
  const given = {
    id,
    ticketId: null,
    entry: null,
    isInternal: false,
    name,
    mediaType,
    byteCount: file.byteCount,
    objectKey,
    uploadHash,
    addedByKind: uploader.kind,
    addedById: uploader.id,
    addedByName: uploader.name,
    createdAt: at,
    unsentUntil: at + UNSENT_KEPT_MS,
  }
  try {
    await customer.record(
      customer.onlyIf(
        sql`(select count(*) from ${ticketFiles} where ${customer.mine(ticketFiles, unsentOf(uploader))}) < ${UNSENT_COUNT_MAX}`,
      ),
      customer.add(ticketFiles, given),
    )
  } catch (error) {
    // The database said no, so these bytes are nobody's.
    await environment.files.delete(objectKey)
    if (error instanceof Problem && error.code === 'stale')
      throw new Problem('conflict', 'Too many files wait to be sent. Send or remove some of them first.')
    if (!(error instanceof Refused)) throw error
    if (error.kind === 'foreign_key') throw missing('customer')
    const winner = await customer.first(ticketFiles, eq(ticketFiles.uploadHash, uploadHash))
    if (winner === undefined) throw error
    return sameFile(winner, file)
  }
  return { mspId, customerId: customer.customerId, ...given }
}

/** Takes back a file that was not sent. Problem `missing`, also for one that was. */
export const removeUnsent = async (
  environment: Environment,
  customer: CustomerScope,
  fileId: string,
): Promise<void> => {
  const row = await customer.first(ticketFiles, and(eq(ticketFiles.id, fileId), unsentOf(customer.actor)))
  if (row === undefined) throw missing('file')
  await customer.record(customer.removeWhere(ticketFiles, and(eq(ticketFiles.id, fileId), unsentOf(customer.actor))))
  await environment.files.delete(row.objectKey)
}

/** A file that a scope sees. A contact's sees what was sent with what they read, and what they have not sent yet. Problem `missing`. */
export const findFile = async (
  scope: Pick<ContactScope, 'select' | 'mine'>,
  ticketId: string,
  fileId: string,
): Promise<FileRow> => {
  const [row] = await scope
    .select()
    .from(ticketFiles)
    .where(scope.mine(ticketFiles, and(eq(ticketFiles.id, fileId), eq(ticketFiles.ticketId, ticketId))))
  if (row === undefined) throw missing('file')
  return row
}

/**
 * What sends files along with an entry: all of them, each uploaded by whoever writes it and not sent before, or nothing
 * of the commit happens. Problem `invalid` at /files where there are too many or one is named twice.
 */
export const sending = (
  customer: CustomerScope,
  fileIds: string[],
  { ticketId, entryId, isInternal }: { ticketId: string; entryId: string; isInternal: boolean },
): Write[] => {
  if (fileIds.length === 0) return []
  if (fileIds.length > FILE_COUNT_MAX) throw invalidField('/files', `At most ${FILE_COUNT_MAX} files at once.`)
  if (new Set(fileIds).size < fileIds.length) throw invalidField('/files', 'A file is named twice.')
  const wanted = and(among(ticketFiles.id, fileIds), unsentOf(customer.actor))
  return [
    allUnsent(customer, fileIds),
    customer.changeAll(ticketFiles, wanted, { ticketId, entry: entryId, isInternal, unsentUntil: null }),
  ]
}

/** A commit that fails since its files were sent or taken away meanwhile says so. */
export const refusingFiles = async <T>(
  customer: CustomerScope,
  fileIds: string[],
  commit: () => Promise<T>,
): Promise<T> => {
  try {
    return await commit()
  } catch (error) {
    if (error instanceof Problem && error.code === 'stale') await refuseSent(customer, fileIds)
    throw error
  }
}

/** Whether a commit that was refused was refused for its files: `invalid` then, at /files. */
const refuseSent = async (customer: CustomerScope, fileIds: string[]): Promise<void> => {
  if (fileIds.length === 0) return
  const there = await customer.list(ticketFiles, {
    where: and(among(ticketFiles.id, fileIds), unsentOf(customer.actor)),
  })
  if (there.length < fileIds.length) throw fileGone()
}

export const fileGone = () => invalidField('/files', 'A file is no longer there. Add it again.')

/** What was uploaded and not sent in time; the row goes first, so that none points at nothing. */
export const unsentFiles = {
  forget: async (environment: Environment, customer: CustomerScope, fileId: string): Promise<void> => {
    const row = await customer.first(ticketFiles, and(eq(ticketFiles.id, fileId), isNull(ticketFiles.entry)))
    if (row === undefined || row.unsentUntil === null || row.unsentUntil > now()) return
    await customer.record(customer.removeWhere(ticketFiles, and(eq(ticketFiles.id, fileId), isNull(ticketFiles.entry))))
    await environment.files.delete(row.objectKey)
  },
}

export const ticketObjects: ObjectKind = {
  kind: 'tickets',
  known: async (msp, ids) => (await msp.list(ticketFiles, { where: among(ticketFiles.id, ids) })).map(({ id }) => id),
}

/** What somebody uploaded and has not sent yet. */
export const unsentOf = ({ kind, id }: Pick<Uploader, 'kind' | 'id'>) =>
  and(isNull(ticketFiles.entry), eq(ticketFiles.addedByKind, kind), eq(ticketFiles.addedById, id))

const allUnsent = (customer: CustomerScope, fileIds: string[]): Write =>
  customer.onlyIf(
    sql`(select count(*) from ${ticketFiles} where ${customer.mine(ticketFiles, and(among(ticketFiles.id, fileIds), unsentOf(customer.actor)))}) = ${fileIds.length}`,
  )

const sameFile = (row: FileRow, { byteCount }: FileBody): FileRow => {
  if (row.byteCount !== byteCount) throw new Problem('conflict', 'This upload key was used for another file.')
  return row
}
