import type { DirectoryQuery } from '../api/shapes.ts'
import { canSearch, searchLengthMax } from '../ui/searching.ts'

/** What of the list stands in its address. */
export type DirectoryAddress = {
  q?: string | undefined
  sort?: string | undefined
  licensed?: string | undefined
  blocked?: string | undefined
  mailbox?: string | undefined
  guest?: string | undefined
  department?: string | undefined
  tenant?: string | undefined
}

/** What the list's address asks for. */
export const directoryQueryOf = (address: DirectoryAddress): DirectoryQuery => {
  const q = (address.q ?? '').slice(0, searchLengthMax)
  return {
    limit: 100,
    sort: address.sort === '-name' ? '-name' : 'name',
    ...(canSearch(q) && { q: q.toWellFormed() }),
    ...(address.licensed === 'true' && { licensed: 'true' }),
    ...(address.blocked === 'true' && { blocked: 'true' }),
    ...(address.mailbox === 'false' && { mailbox: 'false' }),
    ...(address.guest === 'true' && { guest: 'true' }),
    ...(address.department && { department: address.department.toWellFormed() }),
    ...(address.tenant && { tenantId: address.tenant }),
  }
}

export const isNarrowed = (query: DirectoryQuery): boolean =>
  query.q !== undefined ||
  query.licensed !== undefined ||
  query.blocked !== undefined ||
  query.mailbox !== undefined ||
  query.guest !== undefined ||
  query.department !== undefined ||
  query.tenantId !== undefined

/** No filter and no search. */
export const nothingAsked: DirectoryAddress = {
  q: undefined,
  licensed: undefined,
  blocked: undefined,
  mailbox: undefined,
  guest: undefined,
  department: undefined,
  tenant: undefined,
}
