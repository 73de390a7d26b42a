import type { RequestHoldings, RequestOptions } from '../api/shapes.ts'
import type { Suggestion } from '../ui/combobox.tsx'

/** What can be chosen in a form, of one environment. */
export type Choices = {
  tenants: RequestOptions['tenants']
  licences: RequestOptions['licences']
  groups: RequestOptions['groups']
  /** The days between which something may happen, ISO 8601; undefined until they are known. */
  firstDay: string | undefined
  lastDay: string | undefined
  findPeople: (text: string) => Promise<Suggestion[]>
}

/** What somebody has, as far as whoever asks may know; null for what they may not. */
export type Holdings = Pick<RequestHoldings, 'licences' | 'groups' | 'manages' | 'sharedMailboxes'>
