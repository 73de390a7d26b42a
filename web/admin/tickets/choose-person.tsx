import { createResource, createSignal, For, Show, type JSX } from 'solid-js'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { SearchBox } from '../../ui/search-box.tsx'
import { canSearch } from '../../ui/searching.ts'
import { Bone, Loaded, Skeleton } from '../../ui/states.tsx'
import { adminTickets as words } from '../../words/admin-tickets.ts'
import { common } from '../../words/common.ts'
import { listUsers } from '../customer/users.data.ts'

/** A person of a tenant, whom a ticket is about. */
export function ChoosePerson(props: {
  customerId: string
  tenantId: string
  onClose: () => void
  onChoose: (userId: string | null) => void
}): JSX.Element {
  const [q, setQ] = createSignal('')
  const [found, { refetch }] = createResource(q, (text) =>
    listUsers(props.customerId, { limit: 20, ...(canSearch(text) && { q: text }) }),
  )
  return (
    <Dialog
      open
      title={words.personTitle}
      onClose={props.onClose}
      foot={
        <>
          <Button onClick={() => props.onChoose(null)}>{words.aboutUserNone}</Button>
          <Button onClick={props.onClose}>{common.cancel}</Button>
        </>
      }
    >
      <SearchBox label={words.personSearch} placeholder={words.personSearch} value={q()} onSearch={setQ} />
      <Loaded
        of={found}
        waiting={
          <Skeleton what={words.personSearch}>
            <Bone shape="long" />
            <Bone shape="half" />
          </Skeleton>
        }
        failedTitle={words.failed}
        retry={() => void refetch()}
      >
        {(page) => {
          const there = () => page().items.filter(({ tenantId }) => tenantId === props.tenantId)
          return (
            <Show when={there().length > 0} fallback={<p class="quiet">{words.noPerson}</p>}>
              <ul class="ticket-people">
                <For each={there()}>
                  {(user) => (
                    <li>
                      <Button look="plain" onClick={() => props.onChoose(user.id)}>
                        {user.name}
                      </Button>
                      <span class="quiet small">{user.mail}</span>
                    </li>
                  )}
                </For>
              </ul>
            </Show>
          )
        }}
      </Loaded>
    </Dialog>
  )
}
