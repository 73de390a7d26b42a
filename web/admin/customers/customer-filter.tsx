import { createResource, createSignal, Show, type JSX } from 'solid-js'
import { Icon, search } from '../../ui/icon.tsx'
import { Chip } from '../../ui/nav.tsx'
import { admin } from '../../words/admin.ts'
import { ChooseCustomer } from './choose-customer.tsx'
import { readCustomer } from './customers.data.ts'

/** What the customer that stands in the address is called; undefined until that is known. */
export function createCustomerName(id: () => string | undefined): () => string | undefined {
  const [customer] = createResource(id, readCustomer)
  return () => (customer.state === 'ready' ? customer.latest.name : undefined)
}

/** Narrows a list to one customer: asks which, and lets go of it. */
export function CustomerFilter(props: {
  /** The question of the dialog. */
  title: string
  id: string | undefined
  name: string | undefined
  onChoose: (id: string | undefined) => void
}): JSX.Element {
  const words = admin.customers
  const [asking, setAsking] = createSignal(false)
  return (
    <>
      <Show
        when={props.id}
        fallback={
          <button type="button" class="chip" aria-haspopup="dialog" onClick={() => setAsking(true)}>
            <Icon of={search} />
            {words.filter}
          </button>
        }
      >
        <Chip on onToggle={() => props.onChoose(undefined)}>
          {words.only(props.name ?? '…')}
        </Chip>
      </Show>
      <Show when={asking()}>
        <ChooseCustomer
          title={props.title}
          onClose={() => setAsking(false)}
          onChoose={({ id }) => {
            setAsking(false)
            props.onChoose(id)
          }}
        />
      </Show>
    </>
  )
}
