import { createResource, createSignal, For, Show, untrack, type JSX } from 'solid-js'
import { asProblem } from '../api/problem.ts'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { say } from '../ui/messages.tsx'
import { Chip } from '../ui/nav.tsx'
import { Bone, Loaded, Skeleton } from '../ui/states.tsx'
import { common } from '../words/common.ts'
import { directory } from '../words/directory.ts'
import { words } from '../words/licences.ts'
import { explain } from '../words/problem.ts'
import type { IdleDays, Licence, LicenceSource, SeatHolder } from './licences.data.ts'

const idleDays: IdleDays[] = ['30', '60', '90']

/** Who holds a seat of a licence, by name, tenant after tenant, all of them or who is idle; more are read when they are asked for. */
export function Holders(props: {
  licence: Licence
  source: LicenceSource
  tenantNames: ReadonlyMap<string, string>
  /** What is asked for at first. */
  idle: IdleDays | undefined
  onClose: () => void
}): JSX.Element {
  const [idle, setIdle] = createSignal(untrack(() => props.idle))
  const [first, { refetch }] = createResource(
    () => ({ skuId: props.licence.skuId, idle: idle() }),
    (asked) => readSome(props.source, asked.skuId, asked.idle, null),
  )
  const [more, setMore] = createSignal<Awaited<ReturnType<typeof readSome>>[]>([])
  const show = (days: IdleDays | undefined) => {
    setMore([])
    setIdle(days)
  }
  const [busy, setBusy] = createSignal(false)
  const readMore = async (cursor: string) => {
    setBusy(true)
    try {
      const page = await readSome(props.source, props.licence.skuId, idle(), cursor)
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
      <div class="seat-filter" role="group" aria-label={words.who}>
        <Chip on={idle() === undefined} onToggle={() => show(undefined)}>
          {words.everybody}
        </Chip>
        <For each={idleDays}>
          {(days) => (
            <Chip on={idle() === days} onToggle={() => show(days)}>
              {words.idleFor(Number(days))}
            </Chip>
          )}
        </For>
      </div>
      <Loaded of={first} waiting={<Waiting />} failedTitle={words.holdersFailed} retry={() => void refetch()}>
        {(page) => {
          const people = () => [page(), ...more()].flatMap(({ items }) => items)
          const next = () => (more().at(-1) ?? page()).nextCursor
          const hidden = () => page().notListedCount
          return (
            <Show
              when={people().length > 0}
              fallback={<p>{hidden() === 0 ? nobody(idle()) : words.onlyNotListed(hidden())}</p>}
            >
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
                <Show when={hidden() > 0}> {words.notListed(hidden())}</Show>
              </p>
              <Show when={next()}>
                {(cursor) => (
                  <Button busy={busy()} onClick={() => void readMore(cursor())}>
                    {words.more}
                  </Button>
                )}
              </Show>
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
      <div class="small" classList={{ warn: props.of.idleDays !== null, quiet: props.of.idleDays === null }}>
        {lastSignIn(props.of)}
      </div>
      <Show
        when={props.of.mailbox}
        fallback={
          <Show when={props.of.signInAllowed === false}>
            <div class="small warn">{words.blocked}</div>
          </Show>
        }
      >
        {(mailbox) => <div class="small quiet">{directory.mailbox[mailbox()]}</div>}
      </Show>
    </li>
  )
}

const nobody = (days: IdleDays | undefined): string =>
  days === undefined ? words.nobody : words.nobodyIdle(Number(days))

/** Nothing is said of it where the directory does not show it, but that a seat is idle. */
function lastSignIn({ signInKnown, lastSignInAt, idleDays }: SeatHolder): string {
  if (signInKnown === undefined || lastSignInAt === undefined)
    return idleDays === null ? '' : words.notSignedInFor(idleDays)
  if (!signInKnown) return words.signInNotKnown
  return lastSignInAt === null ? words.neverSignedIn : words.signedIn(lastSignInAt)
}

/** A page is of one tenant and may be its last, without anybody: the one after it is read at once. */
async function readSome(source: LicenceSource, skuId: string, days: IdleDays | undefined, cursor: string | null) {
  let page = await source.holders(skuId, days, cursor)
  while (page.items.length === 0 && page.nextCursor !== null) page = await source.holders(skuId, days, page.nextCursor)
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
