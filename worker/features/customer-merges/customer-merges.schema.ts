import { z } from '@hono/zod-openapi'
import type { customerMerges } from '../../../db/shard/schema.ts'
import { now } from '../../clock.ts'
import { listOf } from '../../http/paging.ts'
import { isoMoment } from '../../http/text.ts'
import { DOCUMENT_COUNT_MAX, collisionsOf, mergeFields, takesPeopleIn, valueOf } from './merge-plan.ts'
import type { ContactRow, SideFacts } from './merge-plan.ts'

const side = z.enum(['survivor', 'merged'])
const id = z.string().max(60)

export const MergeQuery = z.strictObject({
  survivorId: id.describe('The customer that would stay.'),
  mergedId: id.describe('The customer that would be merged into it.'),
})

export const MergeInput = z
  .strictObject({
    survivorId: id.describe('The customer that stays.'),
    mergedId: id.describe('The customer that is merged into it, and goes.'),
    survivorVersion: z
      .number()
      .int()
      .describe('The version of the survivor that was looked at: answered with 412 when it has changed since.'),
    mergedVersion: z.number().int().describe('The same of the merged one.'),
    fields: z
      .strictObject({
        name: side.optional().describe('Whose name it takes.'),
        email: side.optional().describe('Whose e-mail it takes.'),
        phone: side.optional().describe('Whose phone it takes.'),
        address: side.optional().describe('Whose address it takes.'),
        notes: z
          .enum(['survivor', 'merged', 'both'])
          .optional()
          .describe('Whose notes it takes; `both` puts one below the other.'),
        psaId: side.optional().describe('Whose PSA id it takes; to be chosen where both have one.'),
      })
      .default({})
      .describe('Whose value each field takes; left out, the survivor’s, or the other’s where it has none.'),
    collisions: z
      .strictObject({
        portal: side.optional().describe('Whose portal stays; the other’s host name goes to rest.'),
        escalation: z.enum(['survivor_first', 'merged_first']).optional().describe('Whose contacts are called first.'),
        mainContact: side.optional().describe('Whose main contact names the portal admin.'),
        contacts: z.record(z.string().max(320), side).default({}).describe('By e-mail address: whose contact stays.'),
      })
      .default({ contacts: {} })
      .describe('One choice for each collision that the preview names.'),
  })
  .openapi('CustomerMergeInput')

const PreviewContact = z.object({
  id: z.string(),
  name: z.string(),
  email: z.string().nullable(),
  phone: z.string().nullable(),
  jobTitle: z.string().nullable(),
  access: z.enum(['none', 'invited', 'active', 'disabled']),
})

const PreviewSide = z.object({
  id: z.string(),
  version: z.number().int(),
  name: z.string(),
  createdAt: z.iso.datetime(),
  tenants: z.array(z.object({ id: z.string(), name: z.string(), domain: z.string() })),
  contacts: z.array(PreviewContact),
  documentCount: z
    .number()
    .int()
    .describe('Deleted ones that can still be had back count in; of more than 1,000 no more than that is said.'),
  ticketCount: z.number().int().describe('Of more than 1,000 no more than that is said.'),
  portalHost: z.string().nullable(),
  portalTakesPeopleIn: z
    .boolean()
    .describe('Whether somebody who is invited to its portal could come in after the merge.'),
})

export const MergePreview = z
  .object({
    survivor: PreviewSide,
    merged: PreviewSide,
    fields: z.array(
      z.object({
        field: z.enum(mergeFields),
        survivor: z.string().nullable(),
        merged: z.string().nullable(),
        unchosen: z.string().nullable().describe('What it becomes unless somebody chooses.'),
        mustChoose: z.boolean(),
      }),
    ),
    collisions: z.object({
      portal: z.boolean(),
      invitations: z
        .object({ survivor: z.array(PreviewContact), merged: z.array(PreviewContact) })
        .describe(
          'Of two portals: whose invitation still leads to each. When that one goes, they are invited anew to the other, if it takes people in.',
        ),
      escalation: z.boolean(),
      mainContact: z.object({ survivor: PreviewContact, merged: PreviewContact }).nullable(),
      contacts: z.array(z.object({ email: z.string(), survivor: PreviewContact, merged: PreviewContact })),
    }),
  })
  .openapi('CustomerMergePreview')

export const Merge = z
  .object({
    id: z.string(),
    version: z.number().int(),
    survivor: z.object({ id: z.string(), name: z.string() }),
    merged: z.object({ id: z.string(), name: z.string() }),
    mergedAt: z.iso.datetime(),
    mergedBy: z.string(),
    moved: z.object({
      tenants: z.number().int(),
      contacts: z.number().int(),
      documents: z.number().int(),
      tickets: z.number().int().describe('Of more than 1,000 no more than that is said.'),
      portal: z.boolean(),
    }),
    undoUntil: z.iso.datetime(),
    canUndo: z.boolean(),
    undoneAt: z.iso.datetime().nullable(),
    undoneBy: z.string().nullable(),
    leftBehind: z
      .array(
        z.object({
          kind: z.enum(['tenant', 'contact', 'document', 'portal', 'field']),
          name: z.string(),
          reason: z.enum(['changed', 'gone', 'taken']),
        }),
      )
      .describe('What undoing left where it was, and why.'),
  })
  .openapi('CustomerMerge')

export const MergeList = listOf(Merge, 'CustomerMergeList')

export const presentMerge = (row: typeof customerMerges.$inferSelect): z.infer<typeof Merge> => ({
  id: row.id,
  version: row.version,
  survivor: { id: row.survivorId, name: row.survivorName },
  merged: { id: row.mergedId, name: row.mergedName },
  mergedAt: new Date(row.mergedAt).toISOString(),
  mergedBy: row.mergedByName,
  moved: { ...row.moved, tickets: row.moved.tickets ?? 0 },
  undoUntil: new Date(row.undoEndsAt).toISOString(),
  canUndo: row.undoneAt === null && row.undoEndsAt > now() && row.customerId === row.survivorId,
  undoneAt: isoMoment(row.undoneAt),
  undoneBy: row.undoneByName,
  leftBehind: row.leftBehind,
})

export const presentPreview = (survivor: SideFacts, merged: SideFacts): z.infer<typeof MergePreview> => {
  const collisions = collisionsOf(survivor, merged)
  const { mainContact, contacts } = collisions
  return {
    survivor: presentSide(survivor, survivor),
    merged: presentSide(merged, survivor),
    fields: mergeFields.map((field) => ({
      field,
      survivor: survivor.row[field],
      merged: merged.row[field],
      unchosen: valueOf(field, survivor.row, merged.row, undefined),
      mustChoose: field === 'psaId' && collisions.psaId,
    })),
    collisions: {
      portal: collisions.portal,
      invitations: {
        survivor: collisions.portal ? invitedOf(survivor) : [],
        merged: collisions.portal ? invitedOf(merged) : [],
      },
      escalation: collisions.escalation,
      mainContact:
        mainContact === undefined
          ? null
          : { survivor: presentContact(mainContact.survivor), merged: presentContact(mainContact.merged) },
      contacts: contacts.map((one) => ({
        email: one.email,
        survivor: presentContact(one.survivor),
        merged: presentContact(one.merged),
      })),
    },
  }
}

const invitedOf = ({ contacts, invitedIds }: SideFacts) =>
  contacts.filter(({ id: contactId }) => invitedIds.has(contactId)).map(presentContact)

const presentSide = (
  { row, contacts, tenants, documents, ticketCount, portal }: SideFacts,
  survivor: SideFacts,
): z.infer<typeof PreviewSide> => ({
  id: row.id,
  version: row.version,
  name: row.name,
  createdAt: new Date(row.createdAt).toISOString(),
  tenants: tenants
    .filter(({ removedAt }) => removedAt === null)
    .map(({ id: tenantId, name, domain }) => ({ id: tenantId, name, domain })),
  contacts: contacts.map(presentContact),
  documentCount: Math.min(documents.length, DOCUMENT_COUNT_MAX),
  ticketCount,
  portalHost: portal?.host ?? null,
  portalTakesPeopleIn: takesPeopleIn(survivor.row, portal),
})

const presentContact = (row: ContactRow): z.infer<typeof PreviewContact> => ({
  id: row.id,
  name: row.name,
  email: row.email,
  phone: row.phone,
  jobTitle: row.jobTitle,
  access: row.access,
})
