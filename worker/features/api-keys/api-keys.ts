import { and, desc, eq, isNull, lt } from 'drizzle-orm'
import type { SQL } from 'drizzle-orm'
import type { z } from '@hono/zod-openapi'
import { apiKeyUses, apiKeys, staff } from '../../../db/shard/schema.ts'
import { now } from '../../clock.ts'
import { newApiKey } from '../../http/api-key.ts'
import type { StaffPerson } from '../../http/app.ts'
import { decodeCursor } from '../../http/paging.ts'
import { Problem, invalidField, missing } from '../../http/problem.ts'
import { newId } from '../../tenancy/ids.ts'
import { keyMay } from '../../tenancy/permissions.ts'
import { ANSWER_WITH_SECRET } from '../../tenancy/scope.ts'
import type { MspScope } from '../../tenancy/scope.ts'
import type { ApiKeyInput, ApiKeyQuery } from './api-keys.schema.ts'

const DAY_MS = 86_400_000

export type ApiKeyRow = Awaited<ReturnType<typeof selectKeys>>[number]

/** The keys of this MSP, newest first; one row more than asked for when there is another page. */
export const listApiKeys = (msp: MspScope, { limit, cursor, sort }: z.infer<typeof ApiKeyQuery>) =>
  selectKeys(msp, cursor === undefined ? undefined : lt(apiKeys.id, decodeCursor(cursor, sort).id), limit + 1)

/** Problem `missing`. */
export const findApiKey = async (msp: MspScope, keyId: string): Promise<ApiKeyRow> => {
  const [row] = await selectKeys(msp, eq(apiKeys.id, keyId), 1)
  if (row === undefined) throw missing('API key')
  return row
}

/**
 * Makes a key, which is shown this once and stored hashed. Problem `invalid` at /scopes for what its creator may not do
 * themselves.
 */
export const createApiKey = async (
  msp: MspScope,
  creator: StaffPerson,
  input: z.infer<typeof ApiKeyInput>,
): Promise<{ row: ApiKeyRow; token: string }> => {
  if (input.scopes.some((scope) => keyMay([scope], creator.role).size === 0))
    throw invalidField('/scopes', 'A key cannot do what you may not do yourself.')
  const { handle, token, tokenHash } = await newApiKey(msp)
  const key = {
    id: newId(now()),
    name: input.name,
    handle,
    scopes: input.scopes,
    createdAt: now(),
    expiresAt: now() + input.expiresInDays * DAY_MS,
  }
  await msp.commit(
    {
      action: 'api_key.created',
      subject: { kind: 'api_key', id: key.id, name: key.name },
      answer: ANSWER_WITH_SECRET,
    },
    msp.add(apiKeys, { ...key, tokenHash, staffId: creator.staffId }),
  )
  const unused = { lastUsedAt: null, revokedAt: null }
  const made = { creatorName: creator.name, creatorRole: creator.role, creatorDisabled: false }
  return { row: { ...key, ...unused, ...made }, token }
}

/** Ends a key at once and for good; one that is revoked stays so. Problem `missing`. */
export const revokeApiKey = async (msp: MspScope, keyId: string): Promise<void> => {
  const before = await msp.find(apiKeys, keyId, 'API key')
  if (before.revokedAt !== null) return
  try {
    await msp.commit(
      { action: 'api_key.revoked', subject: { kind: 'api_key', id: keyId, name: before.name } },
      msp.changeWhere(apiKeys, keyId, isNull(apiKeys.revokedAt), { revokedAt: now() }),
    )
  } catch (error) {
    // Somebody else was faster, which is just as well.
    if (!(error instanceof Problem && error.code === 'stale')) throw error
  }
}

const selectKeys = (msp: MspScope, where: SQL | undefined, limit: number) =>
  msp
    .select({
      id: apiKeys.id,
      name: apiKeys.name,
      handle: apiKeys.handle,
      scopes: apiKeys.scopes,
      createdAt: apiKeys.createdAt,
      expiresAt: apiKeys.expiresAt,
      revokedAt: apiKeys.revokedAt,
      lastUsedAt: apiKeyUses.lastUsedAt,
      creatorName: staff.name,
      creatorRole: staff.role,
      creatorDisabled: staff.disabled,
    })
    .from(apiKeys)
    .innerJoin(staff, and(eq(staff.mspId, apiKeys.mspId), eq(staff.id, apiKeys.staffId)))
    .leftJoin(apiKeyUses, and(eq(apiKeyUses.mspId, apiKeys.mspId), eq(apiKeyUses.id, apiKeys.id)))
    .where(msp.mine(apiKeys, where))
    .orderBy(desc(apiKeys.id))
    .limit(limit)
