import { scryptSync } from 'node:crypto'
import { base64url } from '../tenancy/ids.ts'

/** A password's hash at a fraction of what one of ours costs: the cost travels with the hash, and tests verify many. */
export const cheapHash = (password: string): string => {
  const [salt, cost] = [crypto.getRandomValues(new Uint8Array(16)), { N: 1024, r: 1, p: 1 }]
  const key = scryptSync(password, salt, 32, cost)
  return ['scrypt', cost.N, cost.r, cost.p, base64url(salt), base64url(key)].join('$')
}
