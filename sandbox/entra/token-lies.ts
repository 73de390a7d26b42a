import { generateKeyPair, decodeJwt, SignJWT, UnsecuredJWT, type JWTPayload } from 'jose'
import type { Signing } from './signing.ts'

/** What an id token can be made to be that it should not: what an attacker would make of it, or a broken Entra. */
export const tokenLies = [
  'issuer',
  'audience',
  'nonce',
  'unsigned',
  'shared_secret',
  'stranger',
  'expired',
  'no_tenant',
  'other_tenant',
] as const
export type TokenLie = (typeof tokenLies)[number]

/** The lies that were asked for; each befalls one sign-in. */
export class TokenLies {
  #next: TokenLie[] = []

  add(lie: TokenLie): void {
    this.#next.push(lie)
  }

  take(): TokenLie | undefined {
    return this.#next.shift()
  }

  clear(): void {
    this.#next = []
  }
}

/** A true id token, made anew with the lie in it. */
export async function lyingToken(lie: TokenLie, idToken: string, signing: Signing): Promise<string> {
  const claims = decodeJwt(idToken)
  switch (lie) {
    case 'issuer':
      return signing.sign({ ...claims, iss: 'https://login.evil.example/v2.0' })
    case 'audience':
      return signing.sign({ ...claims, aud: 'another-application' })
    case 'nonce':
      return signing.sign({ ...claims, nonce: 'another-sign-in' })
    case 'expired':
      return signing.sign({ ...claims, exp: (claims.iat ?? 0) - 3600 })
    case 'no_tenant':
      return signing.sign(without(claims, 'tid'))
    case 'other_tenant':
      return signing.sign({ ...claims, tid: '00000000-0000-4000-8000-000000000000' })
    case 'unsigned':
      return new UnsecuredJWT(claims).encode()
    case 'shared_secret':
      return new SignJWT(claims)
        .setProtectedHeader({ alg: 'HS256', kid: signing.keyId })
        .sign(new TextEncoder().encode(JSON.stringify(signing.publicJwk)))
    case 'stranger': {
      const { privateKey } = await generateKeyPair('RS256')
      return new SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid: signing.keyId }).sign(privateKey)
    }
  }
}

const without = (claims: JWTPayload, name: string): JWTPayload =>
  Object.fromEntries(Object.entries(claims).filter(([claim]) => claim !== name))
