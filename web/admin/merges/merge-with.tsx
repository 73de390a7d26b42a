import { useNavigate } from '@solidjs/router'
import { createResource, createSignal, For, Show, type JSX } from 'solid-js'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { SearchBox } from '../../ui/search-box.tsx'
import { canSearch, searchLengthMax } from '../../ui/searching.ts'
import { common } from '../../words/common.ts'
import { merges as words } from '../../words/merges.ts'
import { listCustomers, type Customer } from '../customers/customers.data.ts'
import { mergeAddress } from './merges.data.ts'
import './merges.css'

/** Finds the other of two customers that are the same. */
export function MergeWith(props: { customer: Customer; onClose: () => void }): JSX.Element {
  const navigate = useNavigate()
  const [query, setQuery] = createSignal('')
  const [found] = createResource(
    () => (canSearch(query()) ? query() : undefined),
    async (q) => (await listCustomers({ q, limit: 8 })).items.filter(({ id }) => id !== props.customer.id),
  )
  // Read before its first answer it would suspend the page, and the dialog would come back as part of it.
  const rows = () =>
    canSearch(query()) && (found.state === 'ready' || found.state === 'refreshing') ? found.latest : undefined
  return (
    <Dialog
      open
      title={words.pickTitle(props.customer.name)}
      onClose={() => props.onClose()}
      foot={<Button onClick={() => props.onClose()}>{common.cancel}</Button>}
    >
      <SearchBox
        label={words.pickSearch}
        placeholder={words.pickPlaceholder}
        value=""
        maxLength={searchLengthMax}
        onSearch={setQuery}
      />
      <Show when={rows()} fallback={<p class="quiet small">{words.pickHint}</p>}>
        {(items) => (
          <Show when={items().length > 0} fallback={<p role="status">{words.pickNone(query())}</p>}>
            <ul class="merge-found" aria-label={words.pickResults}>
              <For each={items()}>
                {(row) => (
                  <li>
                    <button type="button" onClick={() => navigate(mergeAddress(props.customer.id, row.id))}>
                      <b>{row.name}</b>
                      <span class="quiet small">{row.primaryContactName ?? row.email ?? row.portal.host ?? ''}</span>
                    </button>
                  </li>
                )}
              </For>
            </ul>
          </Show>
        )}
      </Show>
    </Dialog>
  )
}
