import { createResource, createSignal, type JSX } from 'solid-js'
import { asProblem } from '../api/problem.ts'
import { RadioGroup } from '../ui/inputs.tsx'
import { say } from '../ui/messages.tsx'
import { Bone, Loaded, Skeleton } from '../ui/states.tsx'
import { ticketMails } from '../words/bell.ts'
import { explain } from '../words/problem.ts'
import { changeTicketMails, readTicketMails, type TicketMailsChoice } from './account.data.ts'

/** Of which tickets one is mailed. A choice is kept as soon as it is made. */
export function TicketMails(props: { of: 'contact' | 'staff' }): JSX.Element {
  const [known, { mutate, refetch }] = createResource(readTicketMails)
  const [refused, setRefused] = createSignal<string>()
  const words = () => (props.of === 'staff' ? ticketMails.ofStaff : ticketMails.ofContact)
  const choose = async (mails: TicketMailsChoice) => {
    const before = known()
    if (before === undefined) return
    mutate({ ...before, mails })
    setRefused(undefined)
    try {
      mutate(await changeTicketMails(mails))
      say(ticketMails.saved)
    } catch (error) {
      mutate(before)
      setRefused(explain(asProblem(error)))
    }
  }
  return (
    <Loaded of={known} waiting={<Waiting />} failedTitle={ticketMails.failed} retry={() => void refetch()}>
      {(choice) => (
        <RadioGroup
          legend={ticketMails.legend}
          value={choice().mails}
          options={choice().choices.map((value) => ({ value, ...words()[value] }))}
          onChange={(value) => {
            const chosen = choice().choices.find((one) => one === value)
            if (chosen !== undefined) void choose(chosen)
          }}
          error={refused()}
        />
      )}
    </Loaded>
  )
}

function Waiting(): JSX.Element {
  return (
    <Skeleton what={ticketMails.loading}>
      <Bone shape="half" />
      <Bone shape="long" />
      <Bone shape="short" />
    </Skeleton>
  )
}
