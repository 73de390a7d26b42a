import { z } from 'zod'
import { ConnectorFault } from '../connector.ts'
import type { CustomHostnames } from '../custom-hostnames.ts'
import { CloudflareFault, cloudflareApi } from './api.ts'
import type { CloudflareConfig } from './api.ts'
import { edgeHostnameOf, wireList, wireOne } from './mapping.ts'

export type { CloudflareConfig } from './api.ts'

/** "Duplicate custom hostname found." */
const DUPLICATE = 1406

/** Validated over HTTP, which is what works by itself once the name leads to us. */
const ssl = { method: 'http', type: 'dv', settings: { min_tls_version: '1.2' } }

/** Cloudflare for SaaS: custom hostnames of one zone. */
export const cloudflareHostnames = (config: CloudflareConfig): CustomHostnames => {
  const api = cloudflareApi(config)
  const path = (externalId: string) => `/custom_hostnames/${encodeURIComponent(externalId)}`

  const find: CustomHostnames['find'] = async (hostname) => {
    const { result } = await api.call('GET', `/custom_hostnames?hostname=${encodeURIComponent(hostname)}`, wireList)
    // The filter may also find names that contain this one.
    return result.map(edgeHostnameOf).find((one) => one.hostname === hostname)
  }

  return {
    find,

    async ensure(hostname) {
      const there = await find(hostname)
      if (there !== undefined) return there
      try {
        return edgeHostnameOf((await api.call('POST', '/custom_hostnames', wireOne, { hostname, ssl })).result)
      } catch (error) {
        const added = isDuplicate(error) ? await find(hostname) : undefined
        if (added === undefined) throw error
        return added
      }
    },

    async refresh(externalId) {
      return edgeHostnameOf((await api.call('PATCH', path(externalId), wireOne, { ssl })).result)
    },

    async remove(externalId) {
      try {
        await api.call('DELETE', path(externalId), z.unknown())
      } catch (error) {
        if (!(error instanceof ConnectorFault && error.kind === 'missing')) throw error
      }
    },
  }
}

const isDuplicate = (error: unknown): boolean => error instanceof CloudflareFault && error.codes.includes(DUPLICATE)
