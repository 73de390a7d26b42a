import { z } from '@hono/zod-openapi'
import { documentCategories, documentMediaTypes } from '../../../db/shard/schema.ts'
import type { documents } from '../../../db/shard/schema.ts'
import { listOf, listQuery } from '../../http/paging.ts'
import { fileName, isoMoment, requiredLine } from '../../http/text.ts'
import { opensInTab } from '../../http/media-type.ts'

type DocumentRow = typeof documents.$inferSelect

const NAME_CHARACTERS_MAX = 255
const nameWanted = 'Enter a name for the document.'
const Category = z.enum(documentCategories)
const flagText = z.enum(['true', 'false']).transform((text) => text === 'true')

export const DocumentInput = z
  .strictObject({
    name: requiredLine(NAME_CHARACTERS_MAX, nameWanted).describe('What it is called, and saved under.'),
    category: Category.describe('What kind of document it is.'),
    sharedWithCustomer: z.boolean().describe('Whether everybody who signs in to the customer’s portal can read it.'),
  })
  .openapi('DocumentInput')

export const UploadQuery = z.strictObject({
  name: fileName(NAME_CHARACTERS_MAX, nameWanted).describe('What the file is called.'),
  category: Category.default('other').describe('What kind of document it is.'),
})

export const DocumentQuery = listQuery(['name', '-name', 'added', '-added']).extend({
  category: Category.optional().describe('Only documents of this kind.'),
  shared: flagText.optional().describe('Only those that are, or are not, shared with the customer.'),
})

export const DeletedQuery = listQuery(['-deleted'])
export const SharedQuery = listQuery(['name', '-name', 'added', '-added'])

export const Document = z
  .object({
    id: z.string(),
    name: z.string(),
    category: Category,
    mediaType: z.enum(documentMediaTypes).describe('What its bytes are, not what it was called.'),
    byteCount: z.number().int(),
    sharedWithCustomer: z.boolean(),
    canBeViewed: z.boolean().describe('Whether `…/view` shows it in a tab of its own.'),
    addedAt: z.iso.datetime(),
    addedBy: z.string(),
    deletedAt: z.iso.datetime().nullable().describe('Set while it is deleted and can still be restored.'),
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
