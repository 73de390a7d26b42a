import { createSignal, Show, type JSX } from 'solid-js'
import { Button } from '../../ui/button.tsx'
import { Field } from '../../ui/field.tsx'
import { TextArea } from '../../ui/inputs.tsx'
import { Segments } from '../../ui/states.tsx'
import { words } from '../../words/portal-tickets.ts'
import type { PortalTicket, TicketRating } from './tickets.data.ts'

/** Whether one is satisfied, once it is done; it may be changed. */
export function Rating(props: {
  ticket: PortalTicket
  save: (rating: TicketRating, comment: string) => Promise<boolean>
}): JSX.Element {
  const given = () => props.ticket.rating
  const [chosen, setChosen] = createSignal<TicketRating>()
  const [comment, setComment] = createSignal('')
  const [busy, setBusy] = createSignal(false)
  const change = (rating: TicketRating, said: string) => {
    setComment(said)
    setChosen(rating)
  }
  const send = async (rating: TicketRating) => {
    setBusy(true)
    if (await props.save(rating, comment().trim())) setChosen(undefined)
    setBusy(false)
  }
  return (
    <section class="card ticket-rating" aria-label={words.rating}>
      <Show
        when={chosen() === undefined && given()}
        fallback={
          <form
            class="stack tight"
            onSubmit={(event) => {
              event.preventDefault()
              const rating = chosen()
              if (rating !== undefined && !busy()) void send(rating)
            }}
          >
            <h2>{words.rating}</h2>
            <Segments
              label={words.rating}
              value={chosen() ?? ''}
              options={[
                { value: 'satisfied', label: words.satisfied },
                { value: 'not_satisfied', label: words.notSatisfied },
              ]}
              onChange={(value) => setChosen(value === 'satisfied' ? 'satisfied' : 'not_satisfied')}
            />
            <Show when={chosen()}>
              {(rating) => (
                <>
                  <Field label={words.ratingComment(rating() === 'satisfied')} optional full>
                    <TextArea value={comment()} onInput={setComment} rows={3} />
                  </Field>
                  <div>
                    <Button look="primary" type="submit" busy={busy()} busyLabel={words.sending}>
                      {words.sendRating}
                    </Button>
                  </div>
                </>
              )}
            </Show>
          </form>
        }
      >
        {(rating) => (
          <p class="row wrap small">
            <span>{words.rated[rating().rating]}</span>
            <Button look="plain" onClick={() => change(rating().rating, rating().comment ?? '')}>
              {words.changeRating}
            </Button>
          </p>
        )}
      </Show>
    </section>
  )
}
