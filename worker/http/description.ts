import type { Environment } from '../env.ts'
import type { ApiDocument } from './docs.ts'

const kept = new WeakMap<Fetcher, ApiDocument>()

/** The API's own description, as it was emitted (worker/contract/openapi.json). It lies among the assets, so that the Worker stays small; read once per isolate. */
export const apiDescription = async ({ assets }: Environment): Promise<ApiDocument> => {
  if (assets === undefined) throw new Error('There are no assets, so no description of the API.')
  const known = kept.get(assets)
  if (known !== undefined) return known
  const response = await assets.fetch('https://assets.invalid/openapi.json')
  if (!response.ok) throw new Error('The description of the API is not among the assets.')
  const description: ApiDocument = await response.json()
  kept.set(assets, description)
  return description
}
