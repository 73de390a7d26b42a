import { createEffect, createSignal, For, on, onCleanup, Show, type JSX } from 'solid-js'
import { Notice } from '../../ui/notice.tsx'
import { admin } from '../../words/admin.ts'
import { findAlike, type CustomersAlike } from './customers.data.ts'

const words = admin.customers
const pauseMs = 350

/** Says while somebody types that there is a customer like this one already. It forbids nothing. */
export function Alike(props: { name: string; email: string; except?: string | undefined }): JSX.Element {
  const [alike, setAlike] = createSignal<CustomersAlike['items']>([])
  let asked = 0
  createEffect(
    on(
      () => [props.name.trim(), props.email.trim()] as const,
      ([name, email]) => {
        const mine = ++asked
        const show = (found: CustomersAlike['items']) => mine === asked && setAlike(found)
        if (name === '' && email === '') return show([])
        const timer = setTimeout(() => {
          // Only a hint: without an answer there is none.
          findAlike({
            name: name.slice(0, 120),
            email: email.slice(0, 254),
            ...(props.except !== undefined && { except: props.except }),
          }).then(show, () => show([]))
        }, pauseMs)
        return onCleanup(() => clearTimeout(timer))
      },
    ),
  )
  onCleanup(() => (asked += 1))
  return (
    <div class="bare" role="status">
      <Show when={alike().length > 0}>
        <Notice kind="warn">
          {words.alike(alike().length)}
          <ul class="alike">
            <For each={alike()}>
              {(one) => (
                <li>
                  <a href={`/customers/${one.id}`} target="_blank" rel="noopener" title={words.newTab}>
                    {one.name}
                  </a>{' '}
                  <span class="quiet">
                    {words.alikeBecause(one.because)}
                    {one.state === 'archived' ? `, ${words.alikeArchived}` : ''}
                  </span>
                </li>
              )}
            </For>
          </ul>
        </Notice>
      </Show>
    </div>
  )
}
