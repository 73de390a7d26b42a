import { api, body } from '../api/client.ts'
import type { Source } from '../bell/bell.tsx'

/** The news of whoever is signed in to a portal. */
export const portalNews = (customerId: string): Source => {
  const at = { params: { path: { id: customerId } } }
  return {
    count: async () => {
      const { unreadCount, more } = body(await api.GET('/api/portal/customers/{id}/bell', at))
      return { count: unreadCount, more }
    },
    items: async () => body(await api.GET('/api/portal/customers/{id}/bell/items', at)).items,
    read: async (ticketId) => {
      await api.PUT('/api/portal/customers/{id}/bell/reading', { ...at, body: { ticketId } })
    },
  }
}
