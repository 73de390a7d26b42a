import { useNavigate } from '@solidjs/router'
import { createResource, Show, type JSX } from 'solid-js'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { createForm } from '../../ui/form.tsx'
import { FormDialog } from '../../ui/form-dialog.tsx'
import { SelectField } from '../../ui/form-inputs.tsx'
import { say } from '../../ui/messages.tsx'
import { Loaded } from '../../ui/states.tsx'
import { adminTickets as words } from '../../words/admin-tickets.ts'
import { common } from '../../words/common.ts'
import type { Acting } from './ticket-page.tsx'
import { listTickets, mergeTicket, type StaffTicket, type StaffTicketSummary } from './tickets.data.ts'
import { WaitingTickets } from './tickets.tsx'

/** As many of a customer's open tickets as one chooses from by eye. */
const countMax = 100

/** Lets a ticket go on as another one of the same customer: of those that are open. */
export function MergeDialog(props: { ticket: StaffTicket; acting: Acting; onClose: () => void }): JSX.Element {
  const [open, { refetch }] = createResource(() =>
    listTickets({ view: 'open', customerId: props.ticket.customer.id, limit: countMax }),
  )
  const title = () => words.mergeTitle(props.ticket.number)
  return (
    <Loaded of={open} waiting={<WaitingTickets />} failedTitle={words.failed} retry={() => void refetch()}>
      {(page) => {
        const others = page().items.filter(({ id }) => id !== props.ticket.id)
        return (
          <Show
            when={others.length > 0}
            fallback={
              <Dialog
                open
                title={title()}
                onClose={props.onClose}
                foot={<Button onClick={props.onClose}>{common.close}</Button>}
              >
                <p>{words.mergeNone}</p>
              </Dialog>
            }
          >
            <Choose title={title()} others={others} {...props} />
          </Show>
        )
      }}
    </Loaded>
  )
}

function Choose(props: {
  title: string
  others: StaffTicketSummary[]
  ticket: StaffTicket
  acting: Acting
  onClose: () => void
}): JSX.Element {
  const navigate = useNavigate()
  const form = createForm<{ into: string }>({
    initial: { into: '' },
    check: ({ into }) => (into === '' ? { into: words.mergeChoose } : {}),
    save: async ({ into }) => {
      if (!(await props.acting.act((now) => mergeTicket(now, into)))) return
      const target = props.others.find(({ id }) => id === into)
      say(words.merged(props.ticket.number, target?.number ?? 0))
      props.onClose()
      navigate(`/tickets/${into}`)
    },
  })
  return (
    <FormDialog of={form} title={props.title} verb={words.mergeVerb} busyVerb={words.merging} onClose={props.onClose}>
      <p>{words.mergeText}</p>
      <SelectField
        of={form.field('into')}
        label={words.mergeInto}
        options={[
          { value: '', label: '' },
          ...props.others.map(({ id, number, subject }) => ({
            value: id,
            label: `${words.number(number)} ${subject}`,
          })),
        ]}
      />
    </FormDialog>
  )
}
