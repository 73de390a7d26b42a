import type { JSX } from 'solid-js'
import { Badge, type Mood } from '../ui/badge.tsx'
import { check, clock, mail, ok, reply, type Shape } from '../ui/icon.tsx'
import { stateWords } from '../words/ticket-states.ts'
import type { TicketState } from '../api/shapes.ts'

/** For whom it stands so: "Waiting on you" to the one is "Waiting on customer" to the other. */
export type Reading = 'customer' | 'staff'

type Look = { mood: Mood | 'brand'; icon: Shape }
const looks: Record<Reading, Record<TicketState, Look>> = {
  customer: {
    new: { mood: 'none', icon: mail },
    in_progress: { mood: 'info', icon: clock },
    waiting_on_customer: { mood: 'brand', icon: reply },
    resolved: { mood: 'good', icon: ok },
    closed: { mood: 'none', icon: check },
  },
  staff: {
    new: { mood: 'warn', icon: mail },
    in_progress: { mood: 'info', icon: clock },
    waiting_on_customer: { mood: 'none', icon: reply },
    resolved: { mood: 'good', icon: ok },
    closed: { mood: 'none', icon: check },
  },
}

/** How a ticket stands, as a shape and a word. What needs the reader is in the brand's colour, so that nothing else is. */
export function TicketStanding(props: { state: TicketState; to: Reading }): JSX.Element {
  const look = () => looks[props.to][props.state]
  return (
    <Badge mood={look().mood} icon={look().icon}>
      {stateWords[props.to][props.state]}
    </Badge>
  )
}
