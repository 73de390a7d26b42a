import { createSignal } from 'solid-js'
import { api, body } from '../../api/client.ts'
import type { Dashboard } from '../../api/shapes.ts'

export type { Dashboard, PersonChange, ServiceState } from '../../api/shapes.ts'

let early: Promise<Dashboard> | undefined

/**
 * The dashboard of this portal's customer. Asked for once at start, before the page's code has arrived;
 * the page takes that answer, and every later call asks anew.
 */
export function askForDashboard(customerId: string): void {
  early = fetchDashboard(customerId)
  // Whoever takes the promise handles its failure; until then it must not count as unhandled.
  early.catch(() => undefined)
}

export function takeDashboard(customerId: string): Promise<Dashboard> {
  const taken = early ?? fetchDashboard(customerId)
  early = undefined
  return taken
}

async function fetchDashboard(customerId: string): Promise<Dashboard> {
  return body(await api.GET('/api/portal/customers/{id}/dashboard', { params: { path: { id: customerId } } }))
}

const [asked, setAsked] = createSignal(0)

/** Counts how often the figures were asked for anew. */
export const askedAnew = asked

/** Reads the figures again: what a click on the page one is on already means. */
export const askAnew = (): void => void setAsked((count) => count + 1)
