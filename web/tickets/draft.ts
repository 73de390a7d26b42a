import type { TicketFile } from '../api/shapes.ts'

/** Whose draft it is, and of what: the answer to a ticket, say. Of this host alone, as is all that a browser keeps. */
export type DraftPlace = { person: string; purpose: string }

/** What somebody wrote and has not sent, with the files that have arrived and wait to be sent with it. */
export type Draft = {
  values: Record<string, string | string[]>
  files: TicketFile[]
  /** The key under which it was sent without an answer: sent again as it is, it counts once. */
  sentAs: string | null
}

/** So long the server keeps what was not sent, less the hours in which somebody may still be writing. */
const filesKeptMs = 6.5 * 86_400_000

const beginning = (person: string) => `draft ${location.host} ${person} `
const keyOf = ({ person, purpose }: DraftPlace) => `${beginning(person)}${purpose}`

/** What was kept; files that the server has forgotten by now are left out. */
export function readDraft(place: DraftPlace): Draft | undefined {
  const draft = parsed(keyOf(place))
  const oldest = Date.now() - filesKeptMs
  return draft && { ...draft, files: draft.files.filter(({ createdAt }) => Date.parse(createdAt) > oldest) }
}

export function keepDraft(place: DraftPlace, draft: Draft): void {
  try {
    localStorage.setItem(keyOf(place), JSON.stringify(draft))
  } catch {
    // A browser that keeps nothing, or no more: what is written stays on the page.
  }
}

export function forgetDraft(place: DraftPlace): void {
  try {
    localStorage.removeItem(keyOf(place))
  } catch {
    // Nothing was kept.
  }
}

/** Whoever signs out leaves nothing behind that others at this device could read. */
export function forgetDraftsOf(person: string): void {
  try {
    const theirs = Object.keys(localStorage).filter((key) => key.startsWith(beginning(person)))
    for (const key of theirs) localStorage.removeItem(key)
  } catch {
    // Nothing was kept.
  }
}

function parsed(key: string): Draft | undefined {
  try {
    const value: unknown = JSON.parse(localStorage.getItem(key) ?? 'null')
    return isDraft(value) ? value : undefined
  } catch {
    return undefined
  }
}

function isDraft(value: unknown): value is Draft {
  if (typeof value !== 'object' || value === null) return false
  const values: unknown = Reflect.get(value, 'values')
  const files: unknown = Reflect.get(value, 'files')
  return typeof values === 'object' && values !== null && Array.isArray(files)
}
