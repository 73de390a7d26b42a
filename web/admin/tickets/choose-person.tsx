import type { JSX } from 'solid-js'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Finder, type Found } from '../../ui/finder.tsx'
import { canSearch, searchLengthMax } from '../../ui/searching.ts'
import { adminTickets as words } from '../../words/admin-tickets.ts'
import { common } from '../../words/common.ts'
import { listUsers } from '../customer/users.data.ts'

const shownMax = 20

/** A person of a tenant, whom a ticket is about. */
export function ChoosePerson(props: {
  customerId: string
  tenantId: string
  onClose: () => void
  onChoose: (userId: string | null) => void
}): JSX.Element {
  const find = async (q: string): Promise<Found[] | undefined> => {
    if (q !== '' && !canSearch(q)) return undefined
    const { items } = await listUsers(props.customerId, {
      tenantId: props.tenantId,
      limit: shownMax,
      ...(q !== '' && { q: q.toWellFormed() }),
    })
    return items.map(({ id, name, mail }) => ({ id, name, hint: mail ?? undefined }))
  }
  return (
    <Dialog
      open
      title={words.personTitle}
      onClose={() => props.onClose()}
      foot={
        <>
          <Button onClick={() => props.onChoose(null)}>{words.aboutUserNone}</Button>
          <Button onClick={() => props.onClose()}>{common.cancel}</Button>
        </>
      }
    >
      <Finder
        label={words.personSearch}
        placeholder={words.personSearch}
        maxLength={searchLengthMax}
        find={find}
        results={words.personFound}
        hint={words.personHint}
        none={words.noPerson}
        failed={words.failed}
        onChoose={({ id }) => props.onChoose(id)}
      />
    </Dialog>
  )
}
