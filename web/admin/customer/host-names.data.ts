import { api, body, ifMatch } from '../../api/client.ts'
import type { Hostname, HostnameList } from '../../api/shapes.ts'

export type { Hostname, HostnameList } from '../../api/shapes.ts'

const at = (customerId: string, hostnameId: string) => ({ params: { path: { customerId, hostnameId } } })

export async function listHostnames(customerId: string): Promise<HostnameList> {
  return body(await api.GET('/api/msp-portal/customers/{customerId}/hostnames', { params: { path: { customerId } } }))
}

export async function addHostname(customerId: string, hostname: string): Promise<Hostname> {
  return body(
    await api.POST('/api/msp-portal/customers/{customerId}/hostnames', {
      params: { path: { customerId } },
      body: { hostname },
    }),
  )
}

export async function checkHostname(customerId: string, hostnameId: string): Promise<void> {
  await api.POST('/api/msp-portal/customers/{customerId}/hostnames/{hostnameId}/check', at(customerId, hostnameId))
}

export async function removeHostname(customerId: string, { id, version }: Hostname): Promise<void> {
  await api.DELETE('/api/msp-portal/customers/{customerId}/hostnames/{hostnameId}', {
    ...at(customerId, id),
    headers: ifMatch(version),
  })
}

export async function makePrimary(customerId: string, { id, version }: Hostname): Promise<void> {
  await api.PUT('/api/msp-portal/customers/{customerId}/hostnames/{hostnameId}/primary', {
    ...at(customerId, id),
    headers: ifMatch(version),
  })
}

/** The prefix address is the one in mails and links again. */
export async function makePrefixPrimary(customerId: string, { id, version }: Hostname): Promise<void> {
  await api.DELETE('/api/msp-portal/customers/{customerId}/hostnames/{hostnameId}/primary', {
    ...at(customerId, id),
    headers: ifMatch(version),
  })
}
