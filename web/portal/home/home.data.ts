import { createSignal } from 'solid-js'
import { api, body } from '../../api/client.ts'
import { early } from '../../api/early.ts'
import type { Dashboard } from '../../api/shapes.ts'

export type { Dashboard, PersonChange, ServiceState } from '../../api/shapes.ts'

const start = early<Dashboard>()

/**
 * The dashboard of this portal's customer. Asked for once at start, before the page's code has arrived;
 * the page takes that answer, and every later call asks anew.
 */
export const askForDashboard = (customerId: string): void => start.ask(customerId, fetchDashboard(customerId))

export const takeDashboard = (customerId: string): Dashboard | Promise<Dashboard> =>
  start.take(customerId) ?? fetchDashboard(customerId)

async function fetchDashboard(customerId: string): Promise<Dashboard> {
  return body(await api.GET('/api/portal/customers/{id}/dashboard', { params: { path: { id: customerId } } }))
}

const [asked, setAsked] = createSignal(0)

/** Counts how often the figures were asked for anew. */
export const askedAnew = asked

/** Reads the figures again: what a click on the page one is on already means. */
export const askAnew = (): void => void setAsked((count) => count + 1)
