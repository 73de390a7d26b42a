import { ticketSettings } from '../../../db/shard/schema.ts'
import type { TicketCategory, TicketPriority, ticketPriorities } from '../../../db/shard/schema.ts'
import type { ContactReads } from '../../tenancy/scope.ts'
import type { Targets } from './standing.ts'

export type Settings = Pick<typeof ticketSettings.$inferSelect, 'categories' | 'priorities' | 'reopenDays'>
export type PriorityKey = (typeof ticketPriorities)[number]

/** How an MSP keeps tickets that has said nothing of it. */
export const usualSettings: Settings = {
  categories: [
    ['computer', 'Computer or phone'],
    ['email', 'E-mail and calendar'],
    ['access', 'Signing in and passwords'],
    ['software', 'Programs and licences'],
    ['network', 'Internet, Wi-Fi and printing'],
    ['other', 'Something else'],
  ].map(([id = '', name = '']) => ({ id, name, isRetired: false })),
  priorities: [
    {
      priority: 'low',
      name: 'Low',
      customerName: 'It can wait',
      firstAnswerHours: 24,
      resolutionHours: 120,
    },
    {
      priority: 'normal',
      name: 'Normal',
      customerName: 'I can work, but it is in the way',
      firstAnswerHours: 8,
      resolutionHours: 48,
    },
    {
      priority: 'high',
      name: 'High',
      customerName: 'I cannot do my work',
      firstAnswerHours: 4,
      resolutionHours: 24,
    },
    {
      priority: 'urgent',
      name: 'Urgent',
      customerName: 'Several of us cannot work',
      firstAnswerHours: 1,
      resolutionHours: 8,
    },
  ],
  reopenDays: 14,
}

/** What an MSP said of how it keeps tickets; no row until it does. */
export const settingsRead = (reads: Pick<ContactReads, 'select' | 'mine'>) =>
  reads.select().from(ticketSettings).where(reads.mine(ticketSettings))

/** What holds for an MSP: what it said, or what is usual. */
export const settingsOf = (row: Settings | undefined): Settings => row ?? usualSettings

/** Every MSP has all priorities; one that is not among what it saved is a bug. */
export const priorityOf = ({ priorities }: Pick<Settings, 'priorities'>, wanted: PriorityKey): TicketPriority => {
  const found = priorities.find(({ priority }) => priority === wanted)
  if (found === undefined) throw new Error(`There is no priority "${wanted}".`)
  return found
}

export const targetsOf = (settings: Settings, priority: PriorityKey): Targets => priorityOf(settings, priority)

/** A category by its id, a retired one too; undefined for one that the MSP never had. */
export const categoryOf = ({ categories }: Settings, id: string): TicketCategory | undefined =>
  categories.find((category) => category.id === id)

/** A category stays in the settings for the tickets that have it; one that is not there is a bug. */
export const categoryNameOf = (settings: Settings, id: string): string => {
  const found = categoryOf(settings, id)
  if (found === undefined) throw new Error(`There is no category "${id}".`)
  return found.name
}

/** What can be chosen for a new ticket. */
export const offeredCategories = ({ categories }: Settings): TicketCategory[] =>
  categories.filter(({ isRetired }) => !isRetired)
