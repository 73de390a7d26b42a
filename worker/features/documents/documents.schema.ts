import { z } from '@hono/zod-openapi'
import { documentCategories, documentMediaTypes } from '../../../db/shard/schema.ts'
import type { documents } from '../../../db/shard/schema.ts'
import { listOf, listQuery } from '../../http/paging.ts'
import { fileName, isoMoment, requiredLine } from '../../http/text.ts'
import { opensInTab } from './media-type.ts'

type DocumentRow = typeof documents.$inferSelect

const NAME_CHARACTERS_MAX = 255
const nameWanted = 'Enter a name for the document.'
const Category = z.enum(documentCategories)
const flagText = z.enum(['true', 'false']).transform((text) => text === 'true')

export const DocumentInput = z
  .strictObject({
    name: requiredLine(NAME_CHARACTERS_MAX, nameWanted),
    category: Category,
    sharedWithCustomer: z.boolean(),
  })
  .openapi('DocumentInput')

export const UploadQuery = z.strictObject({
  name: fileName(NAME_CHARACTERS_MAX, nameWanted),
  category: Category.default('other'),
})

export const DocumentQuery = listQuery(['name', '-name', 'added', '-added']).extend({
  category: Category.optional(),
  shared: flagText.optional(),
})

export const DeletedQuery = listQuery(['-deleted'])
export const SharedQuery = listQuery(['name', '-name', 'added', '-added'])

export const Document = z
  .object({
    id: z.string(),
    name: z.string(),
    category: Category,
    /** What its bytes are, not what it was called. */
    mediaType: z.enum(documentMediaTypes),
    byteCount: z.number().int(),
    sharedWithCustomer: z.boolean(),
    /** Whether `…/view` shows it in a tab of its own. */
    canBeViewed: z.boolean(),
    addedAt: z.iso.datetime(),
    addedBy: z.string(),
    /** Set while it is deleted and can still be restored. */
    deletedAt: z.iso.datetime().nullable(),
    version: z.number().int(),
  })
  .openapi('Document')

export const DocumentList = listOf(Document, 'DocumentList')

/** What a contact sees of a document that is shared with them. */
export const SharedDocument = z
  .object({
    id: z.string(),
    name: z.string(),
    category: Category,
    mediaType: z.enum(documentMediaTypes),
    byteCount: z.number().int(),
    canBeViewed: z.boolean(),
    addedAt: z.iso.datetime(),
  })
  .openapi('SharedDocument')

export const SharedDocumentList = listOf(SharedDocument, 'SharedDocumentList')

export const presentDocument = (row: DocumentRow): z.infer<typeof Document> => ({
  id: row.id,
  name: row.name,
  category: row.category,
  mediaType: row.mediaType,
  byteCount: row.byteCount,
  sharedWithCustomer: row.sharedWithCustomer,
  canBeViewed: opensInTab(row.mediaType),
  addedAt: new Date(row.createdAt).toISOString(),
  addedBy: row.addedByName,
  deletedAt: isoMoment(row.deletedAt),
  version: row.version,
})

export const presentSharedDocument = (row: DocumentRow): z.infer<typeof SharedDocument> => ({
  id: row.id,
  name: row.name,
  category: row.category,
  mediaType: row.mediaType,
  byteCount: row.byteCount,
  canBeViewed: opensInTab(row.mediaType),
  addedAt: new Date(row.createdAt).toISOString(),
})
