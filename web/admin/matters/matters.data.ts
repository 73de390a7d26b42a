import { api, body } from '../../api/client.ts'
import { saveFile } from '../../api/download.ts'
import type { MatterKind, MatterList, Matters } from '../../api/shapes.ts'

export type { Matter, MatterKind, MatterList, Matters } from '../../api/shapes.ts'

export const matterKinds = ['renewals', 'over_used', 'lost_consents', 'idle', 'idle_unpriced'] as const

export async function readMatters(): Promise<Matters> {
  return body(await api.GET('/api/msp-portal/account-matters'))
}

export async function saveMatters(kind: MatterKind, format: 'csv' | 'xlsx'): Promise<void> {
  await saveFile(api.POST('/api/msp-portal/account-matter-downloads', { body: { kind, format }, parseAs: 'blob' }))
}

export async function listMatters(kind: MatterKind, cursor: string | null): Promise<MatterList> {
  const query = { kind, limit: 100, ...(cursor === null ? {} : { cursor }) }
  return body(await api.GET('/api/msp-portal/account-matters/all', { params: { query } }))
}
