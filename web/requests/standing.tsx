import type { JSX } from 'solid-js'
import type { RequestState } from '../api/shapes.ts'
import { Badge, type Mood } from '../ui/badge.tsx'
import { check, clock, ok, reply, stop, none, type Shape } from '../ui/icon.tsx'
import { requests as words } from '../words/requests.ts'

type Look = { mood: Mood | 'brand'; icon: Shape }
const looks: Record<RequestState, Look> = {
  submitted: { mood: 'none', icon: clock },
  awaiting_customer: { mood: 'info', icon: reply },
  awaiting_msp: { mood: 'info', icon: reply },
  approved: { mood: 'good', icon: check },
  in_progress: { mood: 'info', icon: clock },
  done: { mood: 'good', icon: ok },
  declined: { mood: 'bad', icon: stop },
  withdrawn: { mood: 'none', icon: none },
  expired: { mood: 'none', icon: none },
}

/** How a request stands, as a shape and a word. `needsYou`: in the brand's colour, since the reader is awaited. */
export function RequestStanding(props: {
  state: RequestState
  /** To a customer, whom they know as their provider; null for staff. */
  provider: string | null
  needsYou?: boolean
}): JSX.Element {
  const look = () => looks[props.state]
  return (
    <Badge mood={props.needsYou === true ? 'brand' : look().mood} icon={look().icon}>
      {props.provider === null ? words.staffState[props.state] : words.state(props.state, props.provider)}
    </Badge>
  )
}
