import { and, asc, desc, eq, gt, isNotNull, isNull, sql } from 'drizzle-orm'
import type { SQL } from 'drizzle-orm'
import type { z } from '@hono/zod-openapi'
import { Refused } from '../../../db/connect.ts'
import { folded } from '../../../db/customer-words.ts'
import { customers, documents } from '../../../db/shard/schema.ts'
import { now } from '../../clock.ts'
import type { Environment } from '../../env.ts'
import type { FileBody } from '../../http/body.ts'
import { keepFile } from '../../http/keep-file.ts'
import { decodeCursor, numberKeyOf, textKeyOf } from '../../http/paging.ts'
import type { Cursor } from '../../http/paging.ts'
import { refuseUnexpected } from '../../http/if-match.ts'
import type { Expected } from '../../http/if-match.ts'
import { Problem, invalidField, missing } from '../../http/problem.ts'
import type { ObjectKind } from '../../jobs/objects.ts'
import { among } from '../../tenancy/among.ts'
import { hashOf, newId } from '../../tenancy/ids.ts'
import { refuseArchived } from '../../tenancy/portal-life.ts'
import { revised } from '../../tenancy/revised.ts'
import type { ContactScope, CustomerScope, MspScope } from '../../tenancy/scope.ts'
import type { DeletedQuery, DocumentInput, DocumentQuery, SharedQuery, UploadQuery } from './documents.schema.ts'
import { HEAD_BYTES, mediaTypeOf } from '../../http/media-type.ts'

export type DocumentRow = typeof documents.$inferSelect

/** How large a document may be. */
export const DOCUMENT_BYTES_MAX = 50 * 1024 * 1024
/** A deleted document can be restored this long. */
export const DELETED_KEPT_MS = 30 * 24 * 3_600_000

export const documentTooLarge = () =>
  new Problem('too_large', `A document has at most ${DOCUMENT_BYTES_MAX / 1024 / 1024} MB.`)

/** One page of a customer's documents, and one row more when there is another page. Problem `missing`. */
export const listDocuments = async (
  msp: MspScope,
  customerId: string,
  query: z.infer<typeof DocumentQuery>,
): Promise<DocumentRow[]> => {
  const customer = msp.forCustomer(customerId)
  const [itself, rows] = await customer.readAll([
    customer.select({ id: customers.id }).from(customers).where(customer.mine(customers)),
    pageOfDocuments(
      customer,
      query,
      and(
        isNull(documents.deletedAt),
        query.category === undefined ? undefined : eq(documents.category, query.category),
        query.shared === undefined ? undefined : eq(documents.sharedWithCustomer, query.shared),
      ),
    ),
  ])
  if (itself.length === 0) throw missing('customer')
  return rows
}

/** What is shared with a contact, as listDocuments. */
export const listShared = async (contact: ContactScope, query: z.infer<typeof SharedQuery>): Promise<DocumentRow[]> =>
  pageOfDocuments(contact, query, undefined)

/** What can still be restored, newest deletion first. Problem `missing`. */
export const listDeleted = async (
  msp: MspScope,
  customerId: string,
  { limit, cursor, sort }: z.infer<typeof DeletedQuery>,
): Promise<DocumentRow[]> => {
  const customer = msp.forCustomer(customerId)
  const marked = cursor === undefined ? undefined : decodeCursor(cursor, sort)
  const after = marked && sql`(${documents.deletedAt}, ${documents.id}) < (${numberKeyOf(marked)}, ${marked.id})`
  const [itself, rows] = await customer.readAll([
    customer.select({ id: customers.id }).from(customers).where(customer.mine(customers)),
    customer
      .select()
      .from(documents)
      .where(
        customer.mine(
          documents,
          and(isNotNull(documents.deletedAt), gt(documents.deletedAt, now() - DELETED_KEPT_MS), after),
        ),
      )
      .orderBy(desc(documents.deletedAt), desc(documents.id))
      .limit(limit + 1),
  ])
  if (itself.length === 0) throw missing('customer')
  return rows
}

export const documentCursor =
  (sort: string) =>
  (row: DocumentRow): Cursor => ({ sort, key: sortKey(row, sort.replace('-', '')), id: row.id })

/**
 * Keeps a file for a customer. Its bytes go to storage first and the row is committed after, so a row never points at
 * nothing. The upload key is the sender's own name for this upload: sent again, it is answered by the document it made.
 * Problems: `missing`, `invalid` when empty, `malformed` when not all of it came, `conflict` when the key was used or
 * the customer is archived.
 */
export const addDocument = async (
  environment: Environment,
  msp: MspScope,
  customerId: string,
  uploadKey: string,
  input: z.infer<typeof UploadQuery>,
  file: FileBody,
): Promise<{ row: DocumentRow; isNew: boolean }> => {
  const customer = msp.forCustomer(customerId)
  const uploadHash = await hashOf(`${customerId}\n${uploadKey}`)
  const [[itself], [known]] = await customer.readAll([
    customer.select({ state: customers.state }).from(customers).where(customer.mine(customers)),
    customer
      .select()
      .from(documents)
      .where(customer.mine(documents, eq(documents.uploadHash, uploadHash))),
  ])
  if (itself === undefined) throw missing('customer')
  // Said before the file is taken, and again by the commit.
  refuseArchived(itself)
  if (file.byteCount === 0) throw invalidField('', 'This file is empty.')
  if (known !== undefined) {
    await file.bytes.pipeTo(new WritableStream()).catch(() => undefined)
    return { row: answerAgain(known, file), isNew: false }
  }
  const id = newId(now())
  const objectKey = `${msp.mspId}/documents/${id}`
  const mediaType = mediaTypeOf(await keepFile(environment.files, objectKey, file, HEAD_BYTES))
  const given = {
    id,
    name: input.name,
    sortName: folded(input.name),
    category: input.category,
    mediaType,
    byteCount: file.byteCount,
    objectKey,
    uploadHash,
    sharedWithCustomer: false,
    addedByKind: msp.actor.kind,
    addedById: msp.actor.id,
    addedByName: msp.actor.name,
    createdAt: now(),
  }
  const row: DocumentRow = { mspId: msp.mspId, customerId, version: 1, deletedAt: null, ...given }
  try {
    await customer.commit({ action: 'document.added', subject: subjectOf(row) }, customer.add(documents, given))
  } catch (error) {
    if (!(error instanceof Refused)) throw error
    // The database said no, so this file is nobody's: the same upload has won, or the customer is gone.
    await environment.files.delete(objectKey)
    if (error.kind === 'foreign_key') throw missing('customer')
    const winner = await customer.first(documents, eq(documents.uploadHash, uploadHash))
    if (winner === undefined) throw error
    return { row: answerAgain(winner, file), isNew: false }
  }
  return { row, isNew: true }
}

/** Renames a document, puts it in another category, shares it or not. Problems: `missing`, `stale`. */
export const replaceDocument = async (
  msp: MspScope,
  customerId: string,
  documentId: string,
  input: z.infer<typeof DocumentInput>,
  wanted: Expected,
): Promise<DocumentRow> => {
  const customer = msp.forCustomer(customerId)
  const before = await findDocument(customer, documentId)
  refuseUnexpected(before, wanted)
  const { name, category, sharedWithCustomer } = input
  const set = { name, sortName: folded(name), category, sharedWithCustomer }
  const after = revised(before, set)
  if (after === before) return before
  await customer.commit(
    { action: actionOf(before, input), subject: subjectOf({ id: documentId, name }) },
    customer.change(documents, before, set),
  )
  return after
}

/** Deletes a document: it can be restored for a while. Problems: `missing`, also when deleted before; `stale`. */
export const deleteDocument = async (
  msp: MspScope,
  customerId: string,
  documentId: string,
  wanted: Expected,
): Promise<void> => {
  const customer = msp.forCustomer(customerId)
  const before = await findDocument(customer, documentId)
  refuseUnexpected(before, wanted)
  await customer.commit(
    { action: 'document.deleted', subject: subjectOf(before) },
    customer.change(documents, before, { deletedAt: now() }),
  )
}

/** Takes a deletion back, with everything as it was; shared again with whom it was shared. Doing it twice changes nothing. */
export const restoreDocument = async (
  msp: MspScope,
  customerId: string,
  documentId: string,
  wanted: Expected,
): Promise<DocumentRow> => {
  const customer = msp.forCustomer(customerId)
  const before = await customer.find(documents, documentId, 'document')
  refuseUnexpected(before, wanted)
  if (before.deletedAt === null) return before
  if (before.deletedAt <= now() - DELETED_KEPT_MS) throw missing('document')
  await customer.commit(
    { action: 'document.restored', subject: subjectOf(before) },
    customer.change(documents, before, { deletedAt: null }),
  )
  return { ...before, deletedAt: null, version: before.version + 1 }
}

/** A document that is there, as far as the scope sees it. Problem `missing`, also for a deleted one. */
export const findDocument = async (scope: CustomerScope | ContactScope, documentId: string): Promise<DocumentRow> => {
  const row = await scope.find(documents, documentId, 'document')
  if (row.deletedAt !== null) throw missing('document')
  return row
}

/** A deleted document is known until it is forgotten. */
export const documentObjects: ObjectKind = {
  kind: 'documents',
  known: async (msp, ids) => {
    const rows = await msp.list(documents, {
      where: among(documents.id, ids),
    })
    return rows.map(({ id }) => id)
  },
}

/** What the minute's sweep ends: the row first, so that none points at nothing, then the bytes. */
export const expiredDocuments = {
  keptMs: DELETED_KEPT_MS,
  forget: async (environment: Environment, customer: CustomerScope, documentId: string): Promise<void> => {
    const row = await customer.first(documents, eq(documents.id, documentId))
    if (row === undefined || row.deletedAt === null || row.deletedAt > now() - DELETED_KEPT_MS) return
    await customer.commit({ action: 'document.forgotten', subject: subjectOf(row) }, customer.remove(documents, row))
    await environment.files.delete(row.objectKey)
  },
}

const pageOfDocuments = (
  scope: CustomerScope | ContactScope,
  { limit, cursor, sort }: { limit: number; cursor?: string | undefined; sort: string },
  more: SQL | undefined,
) => {
  const descending = sort.startsWith('-')
  const order = descending ? desc : asc
  const columns = sort.endsWith('name') ? [documents.sortName, documents.id] : [documents.id]
  const marked = cursor === undefined ? undefined : decodeCursor(cursor, sort)
  const keys = marked && (sort.endsWith('name') ? [textKeyOf(marked), marked.id] : [marked.id])
  const after =
    keys &&
    sql`(${sql.join(columns, sql`, `)}) ${sql.raw(descending ? '<' : '>')} (${sql.join(
      keys.map((key) => sql`${key}`),
      sql`, `,
    )})`
  return scope
    .select()
    .from(documents)
    .where(scope.mine(documents, and(more, after)))
    .orderBy(...columns.map((column) => order(column)))
    .limit(limit + 1)
}

const sortKey = (row: DocumentRow, field: string): Cursor['key'] => {
  switch (field) {
    case 'name':
      return row.sortName
    case 'added':
      return row.id
    case 'deleted':
      return row.deletedAt ?? 0
    default:
      throw new Error(`Documents have no sort key "${field}".`)
  }
}

const answerAgain = (row: DocumentRow, file: FileBody): DocumentRow => {
  if (row.deletedAt !== null) throw new Problem('conflict', 'What this upload added has been deleted since.')
  if (row.byteCount !== file.byteCount) throw new Problem('conflict', 'This upload key was used for another file.')
  return row
}

/** What a change is called: sharing tells more than renaming. */
const actionOf = (before: DocumentRow, input: z.infer<typeof DocumentInput>) => {
  if (before.sharedWithCustomer === input.sharedWithCustomer) return 'document.changed'
  return input.sharedWithCustomer ? 'document.shared' : 'document.unshared'
}

const subjectOf = (row: Pick<DocumentRow, 'id' | 'name'>) => ({ kind: 'document', id: row.id, name: row.name })
