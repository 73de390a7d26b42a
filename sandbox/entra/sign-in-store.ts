import { randomBytes } from 'node:crypto'
import type { Adapter, Payload } from 'oidc-provider'

type Entry = { payload: Payload; expiresAt: number }

/** What ends with the grant it came from; an interaction under way names a grant too, but must go on. */
const revocable = new Set(['AccessToken', 'AuthorizationCode', 'RefreshToken'])

/** Codes, sessions and interactions of all tenants, in memory: after a restart people sign in again. */
export class SignInStore {
  readonly #entries = new Map<string, Entry>()
  readonly #onPages = new Map<string, string>()

  /** Somebody signed in on a page of ours outside a code flow; whoever holds the answer is them from now on. */
  rememberOnPage(tenantId: string, accountId: string): string {
    const secret = randomBytes(24).toString('base64url')
    this.#onPages.set(`${tenantId} ${secret}`, accountId)
    return secret
  }

  rememberedOnPage(tenantId: string, secret: string | undefined): string | undefined {
    return this.#onPages.get(`${tenantId} ${secret ?? ''}`)
  }

  /** The store as one tenant's provider sees it. */
  adapterOf(tenantId: string): (model: string) => Adapter {
    return (model) => this.#adapter(tenantId, model)
  }

  /** The tenant that issued an authorization code; callers of the shared endpoint do not say. */
  tenantOfCode(code: string): string | undefined {
    for (const key of this.#entries.keys()) {
      const [tenantId, model, id] = key.split(' ')
      if (model === 'AuthorizationCode' && id === code) return tenantId
    }
    return undefined
  }

  clear(): void {
    this.#entries.clear()
    this.#onPages.clear()
  }

  #adapter(tenantId: string, model: string): Adapter {
    const keyOf = (id: string): string => `${tenantId} ${model} ${id}`
    const findBy = (property: string, value: string): Payload | undefined => {
      for (const [key, { payload }] of this.#entries) {
        if (key.startsWith(keyOf('')) && payload[property] === value) return payload
      }
      return undefined
    }
    return {
      upsert: async (id, payload, expiresIn) => {
        this.#throwOutExpired()
        const expiresAt = expiresIn === undefined ? Infinity : Date.now() + expiresIn * 1000
        this.#entries.set(keyOf(id), { payload, expiresAt })
      },
      find: async (id) => this.#entries.get(keyOf(id))?.payload,
      findByUid: async (uid) => findBy('uid', uid),
      findByUserCode: async (userCode) => findBy('userCode', userCode),
      destroy: async (id) => {
        this.#entries.delete(keyOf(id))
      },
      revokeByGrantId: async (grantId) => {
        for (const [key, { payload }] of this.#entries) {
          const [owner, kind = ''] = key.split(' ')
          if (owner === tenantId && revocable.has(kind) && payload['grantId'] === grantId) this.#entries.delete(key)
        }
      },
      consume: async (id) => {
        const entry = this.#entries.get(keyOf(id))
        if (entry !== undefined) entry.payload['consumed'] = Math.floor(Date.now() / 1000)
      },
    }
  }

  #throwOutExpired(): void {
    const now = Date.now()
    for (const [key, entry] of this.#entries) if (entry.expiresAt < now) this.#entries.delete(key)
  }
}
