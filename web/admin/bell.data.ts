import { api, body } from '../api/client.ts'
import type { Source } from '../bell/bell.tsx'

/** The news of whoever is signed in to the admin area. */
export const staffNews: Source = {
  count: async () => {
    const { unreadCount, more } = body(await api.GET('/api/msp-portal/bell'))
    return { count: unreadCount, more }
  },
  items: async () => body(await api.GET('/api/msp-portal/bell/items')).items,
  read: async (ticketId) => {
    await api.PUT('/api/msp-portal/bell/reading', { body: { ticketId } })
  },
}
