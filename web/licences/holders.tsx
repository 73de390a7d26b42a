import { createResource, createSignal, For, Show, type JSX } from 'solid-js'
import { asProblem } from '../api/problem.ts'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { say } from '../ui/messages.tsx'
import { Bone, Loaded, Skeleton } from '../ui/states.tsx'
import { common } from '../words/common.ts'
import { words } from '../words/licences.ts'
import { explain } from '../words/problem.ts'
import type { Licence, LicenceSource, SeatHolder } from './licences.data.ts'

/** Who holds a seat of a licence, by name, tenant after tenant; more of them are read when they are asked for. */
export function Holders(props: {
  licence: Licence
  source: LicenceSource
  tenantNames: ReadonlyMap<string, string>
  onClose: () => void
}): JSX.Element {
  const [first, { refetch }] = createResource(
    () => props.licence.skuId,
    (skuId) => readSome(props.source, skuId, null),
  )
  const [more, setMore] = createSignal<Awaited<ReturnType<typeof readSome>>[]>([])
  const [busy, setBusy] = createSignal(false)
  const readMore = async (cursor: string) => {
    setBusy(true)
    try {
      const page = await readSome(props.source, props.licence.skuId, cursor)
      setMore((known) => [...known, page])
    } catch (error) {
      say(explain(asProblem(error)), { mood: 'bad' })
    } finally {
      setBusy(false)
    }
  }
  return (
    <Dialog
      open
      title={words.holdersOf(props.licence.name)}
      onClose={props.onClose}
      foot={<Button onClick={() => props.onClose()}>{common.close}</Button>}
    >
      <Loaded of={first} waiting={<Waiting />} failedTitle={words.holdersFailed} retry={() => void refetch()}>
        {(page) => {
          const people = () => [page(), ...more()].flatMap(({ items }) => items)
          const next = () => (more().at(-1) ?? page()).nextCursor
          return (
            <Show when={people().length > 0} fallback={<p>{words.nobody}</p>}>
              <div class="seat-holders" tabindex="0" role="group" aria-label={words.holders}>
                <For each={inTenants(people())}>
                  {(group) => (
                    <>
                      <Show when={props.licence.tenants.length > 1}>
                        <h3 class="card-topic">{props.tenantNames.get(group.tenantId)}</h3>
                      </Show>
                      <ul>
                        <For each={group.people}>{(person) => <Person of={person} />}</For>
                      </ul>
                    </>
                  )}
                </For>
              </div>
              <p class="quiet small" role="status">
                {words.shown(people().length)}
              </p>
              <Show when={next()}>
                {(cursor) => (
                  <Button busy={busy()} onClick={() => void readMore(cursor())}>
                    {words.more}
                  </Button>
                )}
              </Show>
              <p class="quiet small">{words.lastSignIn}</p>
            </Show>
          )
        }}
      </Loaded>
    </Dialog>
  )
}

function Person(props: { of: SeatHolder }): JSX.Element {
  return (
    <li>
      <span class="name" dir="auto">
        {props.of.name}
      </span>
      <Show when={props.of.userPrincipalName}>{(account) => <div class="quiet small">{account()}</div>}</Show>
      <Show when={props.of.signInAllowed === false}>
        <div class="small warn">{words.blocked}</div>
      </Show>
    </li>
  )
}

/** A page is of one tenant and may be its last, without anybody: the one after it is read at once. */
async function readSome(source: LicenceSource, skuId: string, cursor: string | null) {
  let page = await source.holders(skuId, cursor)
  while (page.items.length === 0 && page.nextCursor !== null) page = await source.holders(skuId, page.nextCursor)
  return page
}

function inTenants(people: SeatHolder[]): { tenantId: string; people: SeatHolder[] }[] {
  const groups = new Map<string, SeatHolder[]>()
  for (const person of people) groups.set(person.tenantId, [...(groups.get(person.tenantId) ?? []), person])
  return [...groups].map(([tenantId, members]) => ({ tenantId, people: members }))
}

function Waiting(): JSX.Element {
  return (
    <Skeleton what={words.holders}>
      <div class="stack">
        <Bone shape="half" />
        <Bone shape="long" />
        <Bone shape="half" />
        <Bone shape="long" />
      </div>
    </Skeleton>
  )
}
