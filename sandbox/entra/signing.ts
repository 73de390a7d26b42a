import {
  exportJWK,
  generateKeyPair,
  importJWK,
  jwtVerify,
  SignJWT,
  type CryptoKey,
  type JWK,
  type JWTPayload,
} from 'jose'
import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { guidOf } from '../random.ts'
import { readJson, writeAtomically } from '../state.ts'
import type { Tenant } from '../state.ts'

export const graphAudience = 'https://graph.microsoft.com'
const accessTokenSeconds = 3599

/** The one signing key of all tenants; kept, so that tokens outlive a restart. */
export class Signing {
  readonly privateJwk: JWK
  readonly publicJwk: JWK
  readonly keyId: string
  readonly #privateKey: CryptoKey
  readonly #publicKey: CryptoKey

  private constructor(privateJwk: JWK, keyId: string, privateKey: CryptoKey, publicKey: CryptoKey) {
    this.privateJwk = privateJwk
    this.keyId = keyId
    this.publicJwk = toPublic(privateJwk)
    this.#privateKey = privateKey
    this.#publicKey = publicKey
  }

  static async open(folder: string): Promise<Signing> {
    const path = join(folder, 'key.json')
    const stored = (await readJson<JWK>(path)) ?? (await freshKey(path))
    const privateKey = await asKey(stored)
    const publicKey = await asKey(toPublic(stored))
    return new Signing(stored, stored.kid ?? '', privateKey, publicKey)
  }

  /** The published key as Microsoft publishes it: with an issuer of its own and no `alg`. */
  published(issuer: string): JWK & { issuer: string } {
    return { ...this.publicJwk, kid: this.keyId, x5t: this.keyId, issuer }
  }

  /** An app-only token for Graph, good for one tenant. */
  async issueAppToken(
    tenant: Tenant,
    { clientId, appName, permissions }: { clientId: string; appName: string; permissions: string[] },
    issuer: string,
    now: Date,
  ): Promise<IssuedToken> {
    const issuedAt = Math.floor(now.getTime() / 1000)
    const accessToken = await new SignJWT({
      appid: clientId,
      app_displayname: appName,
      idtyp: 'app',
      oid: guidOf(`${tenant.tenantId}/${clientId}`),
      roles: permissions,
      tid: tenant.tenantId,
      ver: '1.0',
    })
      .setProtectedHeader({ alg: 'RS256', typ: 'JWT', kid: this.keyId })
      .setIssuer(issuer)
      .setAudience(graphAudience)
      .setIssuedAt(issuedAt)
      .setNotBefore(issuedAt)
      .setExpirationTime(issuedAt + accessTokenSeconds)
      .sign(this.#privateKey)
    return {
      token_type: 'Bearer',
      expires_in: accessTokenSeconds,
      ext_expires_in: accessTokenSeconds,
      access_token: accessToken,
    }
  }

  /** A token with just these claims. */
  sign(claims: JWTPayload): Promise<string> {
    return new SignJWT(claims).setProtectedHeader({ alg: 'RS256', typ: 'JWT', kid: this.keyId }).sign(this.#privateKey)
  }

  /** The tenant and app a Graph token was issued for; undefined when it is not one of ours or is too old. */
  async readAppToken(token: string, now: Date): Promise<{ tenantId: string; clientId: string } | undefined> {
    try {
      const { payload } = await jwtVerify(token, this.#publicKey, {
        algorithms: ['RS256'],
        audience: graphAudience,
        currentDate: now,
      })
      const { tid, appid } = payload
      return typeof tid === 'string' && typeof appid === 'string' ? { tenantId: tid, clientId: appid } : undefined
    } catch {
      return undefined
    }
  }
}

export type IssuedToken = { token_type: 'Bearer'; expires_in: number; ext_expires_in: number; access_token: string }

async function freshKey(path: string): Promise<JWK> {
  const { privateKey } = await generateKeyPair('RS256', { extractable: true })
  const jwk = await exportJWK(privateKey)
  const keyId = createHash('sha256')
    .update(jwk.n ?? '')
    .digest('base64url')
    .slice(0, 27)
  const stored: JWK = { ...jwk, kid: keyId, use: 'sig' }
  await writeAtomically(path, JSON.stringify(stored))
  return stored
}

async function asKey(jwk: JWK): Promise<CryptoKey> {
  const key = await importJWK(jwk, 'RS256')
  if (key instanceof Uint8Array) throw new TypeError('The signing key must be an RSA key.')
  return key
}

function toPublic(jwk: JWK): JWK {
  return {
    kty: 'RSA',
    use: 'sig',
    ...(jwk.kid === undefined ? {} : { kid: jwk.kid }),
    ...(jwk.n === undefined ? {} : { n: jwk.n }),
    ...(jwk.e === undefined ? {} : { e: jwk.e }),
  }
}
