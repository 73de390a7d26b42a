import { createResource, createSignal, Show, type JSX } from 'solid-js'
import { asProblem } from '../api/problem.ts'
import { Button } from '../ui/button.tsx'
import { Confirm } from '../ui/dialog.tsx'
import { say } from '../ui/messages.tsx'
import { Bone, Loaded, Skeleton } from '../ui/states.tsx'
import { Time } from '../ui/time.tsx'
import { microsoft } from '../words/microsoft.ts'
import { explain } from '../words/problem.ts'
import { ByPassword } from './by-password.tsx'
import { linkMicrosoft, readMicrosoftLink, unlinkMicrosoft, type MicrosoftLink } from './microsoft.data.ts'

/** The Microsoft account that one signs in with: linked and unlinked here. */
export function MicrosoftAccount(): JSX.Element {
  const [link, { refetch }] = createResource(readMicrosoftLink)
  return (
    <Loaded of={link} waiting={<Waiting />} failedTitle={microsoft.linkFailed} retry={() => void refetch()}>
      {(known) => (
        <Show when={known().account} fallback={<Unlinked asksPassword={known().asksPassword} />}>
          {(account) => <Linked link={known()} account={account()} reload={() => void refetch()} />}
        </Show>
      )}
    </Loaded>
  )
}

function Unlinked(props: { asksPassword: boolean }): JSX.Element {
  const [busy, setBusy] = createSignal(false)
  const [asking, setAsking] = createSignal(false)
  const go = async () => {
    setBusy(true)
    try {
      await linkMicrosoft()
    } catch (error) {
      say(explain(asProblem(error)), { mood: 'bad' })
      setBusy(false)
    }
  }
  return (
    <div>
      <Button
        busy={busy()}
        busyLabel={microsoft.going}
        onClick={() => (props.asksPassword ? setAsking(true) : void go())}
      >
        {microsoft.link}
      </Button>
      <Show when={asking()}>
        <ByPassword
          title={microsoft.linkTitle}
          text={microsoft.linkText}
          verb={microsoft.goOn}
          busyVerb={microsoft.going}
          act={linkMicrosoft}
          onClose={() => setAsking(false)}
        />
      </Show>
    </div>
  )
}

function Linked(props: { link: MicrosoftLink; account: string; reload: () => void }): JSX.Element {
  const [asking, setAsking] = createSignal(false)
  const [busy, setBusy] = createSignal(false)
  const [trouble, setTrouble] = createSignal<string>()
  const unlink = async () => {
    setBusy(true)
    try {
      await unlinkMicrosoft()
      setAsking(false)
      say(microsoft.unlinked)
      props.reload()
    } catch (error) {
      setTrouble(explain(asProblem(error)))
    } finally {
      setBusy(false)
    }
  }
  return (
    <div class="stack">
      <p>
        {microsoft.linkedAs(props.account)}{' '}
        <Show when={props.link.linkedAt}>
          {(at) => (
            <span class="quiet">
              {microsoft.since} <Time at={at()} relative />.
            </span>
          )}
        </Show>
      </p>
      <Show when={props.link.mayUnlink} fallback={<p class="quiet small">{microsoft.mayNotUnlink}</p>}>
        <div>
          <Button onClick={() => setAsking(true)}>{microsoft.unlink}</Button>
        </div>
      </Show>
      <Confirm
        open={asking()}
        title={microsoft.unlinkTitle(props.account)}
        verb={microsoft.unlink}
        busy={busy()}
        trouble={trouble()}
        onConfirm={() => void unlink()}
        onClose={() => setAsking(false)}
      >
        <p>{microsoft.unlinkText}</p>
      </Confirm>
    </div>
  )
}

function Waiting(): JSX.Element {
  return (
    <Skeleton what={microsoft.linkLoading}>
      <Bone shape="long" />
    </Skeleton>
  )
}
