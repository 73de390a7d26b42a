import { api, body, ifMatch } from '../../api/client.ts'
import type { Merge, MergeInput, MergePreview } from '../../api/shapes.ts'

export type { Merge, MergeField, MergeInput, MergePreview } from '../../api/shapes.ts'

export async function previewMerge(pair: { survivorId: string; mergedId: string }): Promise<MergePreview> {
  return body(await api.GET('/api/msp-portal/customer-merges/preview', { params: { query: pair } }))
}

export async function mergeCustomers(input: MergeInput): Promise<Merge> {
  return body(await api.POST('/api/msp-portal/customer-merges', { body: input }))
}

export async function listMerges(customerId: string): Promise<Merge[]> {
  return body(await api.GET('/api/msp-portal/customers/{customerId}/merges', { params: { path: { customerId } } }))
    .items
}

export async function undoMerge({ id, version }: Merge): Promise<Merge> {
  return body(
    await api.PUT('/api/msp-portal/customer-merges/{mergeId}/reversal', {
      params: { path: { mergeId: id } },
      headers: ifMatch(version),
    }),
  )
}

/** Where two customers are merged; either may be the one that stays. */
export const mergeAddress = (one: string, other: string): string =>
  `/merge?${new URLSearchParams({ stays: one, goes: other }).toString()}`
