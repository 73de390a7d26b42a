import { z } from '@hono/zod-openapi'
import { apiScopes, staffRoles } from '../../../db/shard/schema.ts'
import { now } from '../../clock.ts'
import { listOf, listQuery } from '../../http/paging.ts'
import { isoMoment, requiredLine } from '../../http/text.ts'
import type { ApiKeyRow } from './api-keys.ts'

const DAY_COUNT_MAX = 730

export const ApiKeyInput = z
  .strictObject({
    name: requiredLine(80, 'Say what this key is for.').describe('What the key is for.'),
    scopes: z
      .array(z.enum(apiScopes))
      .min(1, 'Choose at least one thing this key may do.')
      .transform((scopes) => apiScopes.filter((scope) => scopes.includes(scope)))
      .describe('What the key may do; never more than whoever makes it.'),
    expiresInDays: z
      .int()
      .min(1, 'At least one day.')
      .max(DAY_COUNT_MAX, 'At most two years.')
      .default(365)
      .describe('A key always ends.'),
  })
  .openapi('ApiKeyInput')

export const ApiKeyQuery = listQuery(['-createdAt'])

const shown = {
  id: z.string(),
  name: z.string(),
  handle: z.string().describe('How the key begins, to tell it by.'),
  scopes: z.array(z.enum(apiScopes)),
  state: z
    .enum(['active', 'suspended', 'expired', 'revoked'])
    .describe('`suspended` while whoever made it is disabled.'),
  creator: z
    .object({ name: z.string(), role: z.enum(staffRoles) })
    .describe('Who made it. It never may more than they may now.'),
  createdAt: z.iso.datetime(),
  expiresAt: z.iso.datetime(),
  lastUsedAt: z.iso.datetime().nullable().describe('To within a few minutes.'),
  revokedAt: z.iso.datetime().nullable(),
}

export const ApiKey = z.object(shown).openapi('ApiKey')
export const ApiKeyList = listOf(ApiKey, 'ApiKeyList')
export const NewApiKey = z
  .object({
    ...shown,
    token: z.string().describe('The key itself. It is shown this once.'),
  })
  .openapi('NewApiKey')

export const presentApiKey = (row: ApiKeyRow): z.infer<typeof ApiKey> => ({
  id: row.id,
  name: row.name,
  handle: row.handle,
  scopes: row.scopes,
  state: stateOf(row),
  creator: { name: row.creatorName, role: row.creatorRole },
  createdAt: new Date(row.createdAt).toISOString(),
  expiresAt: new Date(row.expiresAt).toISOString(),
  lastUsedAt: isoMoment(row.lastUsedAt),
  revokedAt: isoMoment(row.revokedAt),
})

const stateOf = (row: ApiKeyRow): z.infer<typeof ApiKey>['state'] => {
  if (row.revokedAt !== null) return 'revoked'
  if (row.expiresAt <= now()) return 'expired'
  return row.creatorDisabled ? 'suspended' : 'active'
}
