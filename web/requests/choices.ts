import type { RequestHoldings, RequestOptions } from '../api/shapes.ts'
import type { Suggestions } from '../ui/combobox.tsx'

/** What can be chosen in a form, of one environment. */
export type Choices = {
  /** Until they are looked up there is nothing to choose from, which says nothing of what there is. */
  state: 'loading' | 'failed' | 'ready'
  retry: () => void
  /** The environment that is meant; empty where there is but one. */
  tenantId: string
  tenants: RequestOptions['tenants']
  licences: RequestOptions['licences']
  groups: RequestOptions['groups']
  /** The days between which something may happen, ISO 8601; undefined until they are known. */
  firstDay: string | undefined
  lastDay: string | undefined
  /** The day of which free seats are told; undefined for today. */
  seatsOn: string | undefined
  /** Whether the form may be about guests, too. */
  areGuestsMeant: boolean
  findPeople: (text: string, guests?: boolean) => Promise<Suggestions>
}

/** What somebody has, as far as whoever asks may know; null for what they may not. */
export type Holdings = Pick<RequestHoldings, 'licences' | 'groups' | 'manages' | 'sharedMailboxes'>
