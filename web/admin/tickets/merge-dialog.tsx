import { useNavigate } from '@solidjs/router'
import { createSignal, Show, type JSX } from 'solid-js'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Finder, type Found } from '../../ui/finder.tsx'
import { say } from '../../ui/messages.tsx'
import { searchLengthMax } from '../../ui/searching.ts'
import { adminTickets as words } from '../../words/admin-tickets.ts'
import { common } from '../../words/common.ts'
import { stateWords } from '../../words/ticket-states.ts'
import type { Acting } from './ticket-page.tsx'
import { canLookFor, listTickets, mergeTicket, type StaffTicket } from './tickets.data.ts'

const shownMax = 10

type Target = Found & { number: number }

/** Lets a ticket go on as another one of the same customer: of those that are open, the latest or what is searched for. */
export function MergeDialog(props: { ticket: StaffTicket; acting: Acting; onClose: () => void }): JSX.Element {
  const navigate = useNavigate()
  const [into, setInto] = createSignal<Target>()
  const [busy, setBusy] = createSignal(false)
  let body: HTMLDivElement | undefined
  /** The focus goes along: what had it is no longer there. */
  const choose = (target: Target | undefined) => {
    setInto(target)
    queueMicrotask(() => body?.querySelector<HTMLElement>('input, .merge-target')?.focus())
  }
  const find = async (q: string): Promise<Target[] | undefined> => {
    if (q !== '' && !canLookFor(q)) return undefined
    const { items } = await listTickets({
      view: 'open',
      customerId: props.ticket.customer.id,
      // One more, since this one may be among them.
      limit: shownMax + 1,
      ...(q !== '' && { q: q.toWellFormed() }),
    })
    return items
      .filter(({ id }) => id !== props.ticket.id)
      .slice(0, shownMax)
      .map(({ id, number, subject, state, requester }) => ({
        id,
        number,
        name: `${words.number(number)} ${subject}`,
        hint: [stateWords.staff[state], requester?.name].filter(Boolean).join(' · '),
      }))
  }
  const merge = async (target: Target) => {
    setBusy(true)
    const isDone = await props.acting.act((now) => mergeTicket(now, target.id))
    setBusy(false)
    if (!isDone) return
    say(words.merged(props.ticket.number, target.number))
    props.onClose()
    navigate(`/tickets/${target.id}`)
  }
  return (
    <Dialog
      open
      title={words.mergeTitle(props.ticket.number)}
      onClose={() => props.onClose()}
      foot={
        <>
          <Button onClick={() => props.onClose()}>{common.cancel}</Button>
          <Show when={into()}>
            {(target) => (
              <Button look="primary" busy={busy()} busyLabel={words.merging} onClick={() => void merge(target())}>
                {words.mergeVerb}
              </Button>
            )}
          </Show>
        </>
      }
    >
      <p>{words.mergeText}</p>
      <div ref={body}>
        <Show
          when={into()}
          fallback={
            <Finder
              label={words.mergeSearch}
              placeholder={words.placeholder}
              maxLength={searchLengthMax}
              find={find}
              results={words.mergeFound}
              hint={words.mergeHint}
              none={words.mergeNone}
              failed={words.failed}
              onChoose={choose}
            />
          }
        >
          {(target) => (
            <div class="row wrap merge-target" tabindex="-1">
              <p>
                <span class="quiet small">{words.mergeInto}</span>
                <br />
                <b dir="auto">{target().name}</b>
                <br />
                <span class="quiet small">{target().hint}</span>
              </p>
              <Button onClick={() => choose(undefined)}>{words.mergeOther}</Button>
            </div>
          )}
        </Show>
      </div>
    </Dialog>
  )
}
