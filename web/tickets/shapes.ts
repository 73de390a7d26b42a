/** The wire shapes of a conversation, the same to customers and to staff. */

export type TicketState = 'new' | 'in_progress' | 'waiting_on_customer' | 'resolved' | 'closed'
export type TicketPriority = 'low' | 'normal' | 'high' | 'urgent'
export type TicketRating = 'satisfied' | 'not_satisfied'

export type TicketFile = {
  id: string
  name: string
  mediaType: string
  byteCount: number
  canBeViewed: boolean
  createdAt: string
}

export type TicketEvent =
  | { type: 'state'; from: TicketState; to: TicketState; reopened?: true }
  | { type: 'assignee'; from: string | null; to: string | null }
  | { type: 'priority'; from: TicketPriority; to: TicketPriority }
  | { type: 'category' | 'subject'; from: string; to: string }
  | { type: 'watcher_added' | 'watcher_removed'; name: string }
  | { type: 'merged_into' | 'merged_from'; number: number; subject: string }
  | { type: 'rated'; rating: TicketRating; comment: string | null }

export type TicketEntry = {
  id: string
  kind: 'comment' | 'note' | 'event'
  author: { kind: 'contact' | 'staff' | 'program' | 'system' | 'outside'; id: string | null; name: string }
  text: string
  quoted: string | null
  event: TicketEvent | null
  source: 'portal' | 'admin' | 'api' | 'mail' | 'psa'
  files: TicketFile[]
  createdAt: string
}
