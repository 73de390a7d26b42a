/** What is filled in for a ticket: whom it is for, its number and subject, their company, and who writes. */
export const placeholders = ['requester', 'number', 'subject', 'customer', 'me'] as const
type Placeholder = (typeof placeholders)[number]

const PLACEHOLDER = /\{([^{}\n]{1,40})\}/g

const isKnown = (name: string): name is Placeholder => (placeholders as readonly string[]).includes(name)

/** What stands in braces and is filled in by nothing. Pure. */
export const unknownPlaceholders = (text: string): string[] =>
  [...text.matchAll(PLACEHOLDER)].flatMap(([, name = '']) => (isKnown(name) ? [] : [name]))

/** An answer with the names of one ticket in it. What is filled in is not looked through again. Pure. */
export const filledIn = (text: string, values: Record<Placeholder, string>): string =>
  text.replaceAll(PLACEHOLDER, (whole, name: string) => (isKnown(name) ? values[name] : whole))
