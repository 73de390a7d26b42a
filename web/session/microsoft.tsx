import { createSignal, Show, type JSX } from 'solid-js'
import { asProblem } from '../api/problem.ts'
import { Button } from '../ui/button.tsx'
import { Notice } from '../ui/notice.tsx'
import { microsoft } from '../words/microsoft.ts'
import { explain } from '../words/problem.ts'
import { goToMicrosoft, takeOutcome } from './microsoft.data.ts'
import './microsoft.css'

/** The way to sign in with Microsoft, and below it, where there is another one, what stands between the two. */
export function MicrosoftWay(props: { where: 'portal' | 'admin'; invitation?: string; or?: string }): JSX.Element {
  const outcome = takeOutcome()
  const [trouble, setTrouble] = createSignal(
    outcome === undefined ? undefined : microsoft.outcome(outcome, props.where),
  )
  const [busy, setBusy] = createSignal(false)
  const go = async () => {
    setBusy(true)
    try {
      await goToMicrosoft(props.invitation)
    } catch (error) {
      setTrouble(explain(asProblem(error)))
      setBusy(false)
    }
  }
  return (
    <>
      <Show when={trouble()}>{(text) => <Notice kind="bad">{text()}</Notice>}</Show>
      <MicrosoftButton busy={busy()} onClick={() => void go()} />
      <Show when={props.or}>{(text) => <Between>{text()}</Between>}</Show>
    </>
  )
}

export function MicrosoftButton(props: { busy?: boolean; onClick: () => void }): JSX.Element {
  return (
    <Button wide busy={props.busy === true} busyLabel={microsoft.going} onClick={() => props.onClick()}>
      <Mark />
      {microsoft.signIn}
    </Button>
  )
}

/** What stands between two ways to do something. */
export function Between(props: { children: JSX.Element }): JSX.Element {
  return <p class="between quiet small">{props.children}</p>
}

/** Microsoft's four squares, in its own colours as its guidelines for this button want. */
function Mark(): JSX.Element {
  return (
    <svg class="microsoft-mark" viewBox="0 0 21 21" aria-hidden="true">
      <path fill="#f25022" d="M0 0h10v10H0z" />
      <path fill="#7fba00" d="M11 0h10v10H11z" />
      <path fill="#00a4ef" d="M0 11h10v10H0z" />
      <path fill="#ffb900" d="M11 11h10v10H11z" />
    </svg>
  )
}
