import type { JSX } from 'solid-js'
import { Finder, type Found } from '../../ui/finder.tsx'
import { canSearch, searchLengthMax } from '../../ui/searching.ts'
import { admin } from '../../words/admin.ts'
import { listCustomers } from './customers.data.ts'

const shownMax = 8

/** One of the customers, of whom there may be ten thousand. */
export function FindCustomer(props: {
  hint: string
  none: (typed: string) => string
  /** Who cannot be chosen. */
  except?: string
  onChoose: (customer: Found) => void
}): JSX.Element {
  const words = admin.customers
  const find = async (q: string): Promise<Found[] | undefined> => {
    if (!canSearch(q)) return undefined
    const { items } = await listCustomers({ q: q.toWellFormed(), limit: shownMax })
    return items
      .filter(({ id }) => id !== props.except)
      .map(({ id, name, primaryContactName, email, portal }) => ({
        id,
        name,
        hint: primaryContactName ?? email ?? portal.host ?? undefined,
      }))
  }
  return (
    <Finder
      label={words.search}
      placeholder={words.placeholder}
      maxLength={searchLengthMax}
      find={find}
      results={words.found}
      hint={props.hint}
      none={props.none}
      failed={words.failed}
      onChoose={props.onChoose}
    />
  )
}
