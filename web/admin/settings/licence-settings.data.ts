import { api, body, ifMatch } from '../../api/client.ts'
import type { KnownSku, KnownSkus, SkuInput } from '../../api/shapes.ts'

export async function listSkus(): Promise<Pick<KnownSkus, 'currency' | 'items'>> {
  return body(await api.GET('/api/msp-portal/settings/licences'))
}

export async function saveSku(before: KnownSku, input: SkuInput): Promise<KnownSku> {
  return body(
    await api.PUT('/api/msp-portal/settings/licences/{skuId}', {
      params: { path: { skuId: before.skuId } },
      headers: ifMatch(before.version),
      body: input,
    }),
  )
}
