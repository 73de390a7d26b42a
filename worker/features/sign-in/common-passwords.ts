import type { Environment } from '../../env.ts'
import { parseCommonPasswords } from './password.ts'
import type { CommonPasswords } from './password.ts'

const kept = new WeakMap<Fetcher, CommonPasswords>()

/** The list of common passwords. It lives among the assets, so that the Worker stays small; read once per isolate. */
export const isCommonPassword = async (environment: Environment): Promise<CommonPasswords> => {
  const { assets } = environment
  if (assets === undefined) {
    if (environment.ENVIRONMENT !== 'test') throw new Error('There are no assets, so no list of common passwords.')
    return new Set<string>()
  }
  const known = kept.get(assets)
  if (known !== undefined) return known
  const response = await assets.fetch('https://assets.invalid/common-passwords.txt')
  if (!response.ok) throw new Error('The list of common passwords is not among the assets.')
  const list = parseCommonPasswords(await response.text())
  kept.set(assets, list)
  return list
}
