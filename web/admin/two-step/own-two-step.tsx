import { createResource, createSignal, lazy, Show, Suspense, type JSX } from 'solid-js'
import { ByPassword } from '../../session/by-password.tsx'
import { readTwoStep, renewRecoveryCodes, turnOffTwoStep } from '../../session/two-step.data.ts'
import { State } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { say } from '../../ui/messages.tsx'
import { Bone, Loaded, Skeleton } from '../../ui/states.tsx'
import { twoStep as words } from '../../words/two-step.ts'
import { Codes } from './codes.tsx'

// The drawing of the picture is read when somebody sets it up.
const SetUp = lazy(() => import('./set-up.tsx'))

/** One's own two-step verification: how it stands, set up, turned off. */
export function OwnTwoStep(): JSX.Element {
  const [standing, { refetch }] = createResource(readTwoStep)
  const [settingUp, setSettingUp] = createSignal(false)
  const [turningOff, setTurningOff] = createSignal(false)
  const [renewing, setRenewing] = createSignal(false)
  const [codes, setCodes] = createSignal<string[]>()
  const again = async () => {
    setSettingUp(false)
    setTurningOff(false)
    setCodes(undefined)
    await refetch()
  }
  return (
    <div class="stack">
      <p class="quiet">{words.lead}</p>
      <Loaded of={standing} waiting={<Waiting />} failedTitle={words.failed} retry={() => void refetch()}>
        {(now) => (
          <Show
            when={now().since}
            fallback={
              <Show
                when={settingUp()}
                fallback={
                  <div class="row wrap">
                    <State mood="none">{words.off}</State>
                    <Button onClick={() => setSettingUp(true)}>{words.setUp}</Button>
                  </div>
                }
              >
                <Suspense fallback={<Waiting />}>
                  <SetUp doneLabel={words.kept} onDone={() => void again()} />
                </Suspense>
              </Show>
            }
          >
            {(since) => (
              <div class="stack tight">
                <div class="row wrap">
                  <State mood="good">{words.onSince(since())}</State>
                  <Button onClick={() => setRenewing(true)}>{words.renew}</Button>
                  <Show when={!now().isRequired}>
                    <Button onClick={() => setTurningOff(true)}>{words.turnOff}</Button>
                  </Show>
                </div>
                <p class="quiet small">
                  {words.codesLeft(now().recoveryCodeCount)} {now().isRequired ? words.required : ''}
                </p>
              </div>
            )}
          </Show>
        )}
      </Loaded>
      <Show when={codes()}>
        {(known) => <Codes codes={known()} doneLabel={words.kept} onDone={() => void again()} />}
      </Show>
      <Show when={turningOff()}>
        <ByPassword
          title={words.turnOffTitle}
          text={words.turnOffText}
          verb={words.turnOff}
          busyVerb={words.turningOff}
          act={async (password) => {
            await turnOffTwoStep(password)
            say(words.turnedOff)
            await again()
          }}
          onClose={() => setTurningOff(false)}
        />
      </Show>
      <Show when={renewing()}>
        <ByPassword
          title={words.renewTitle}
          text={words.renewText}
          verb={words.renew}
          busyVerb={words.renewing}
          act={async (password) => {
            setCodes(await renewRecoveryCodes(password))
            setRenewing(false)
          }}
          onClose={() => setRenewing(false)}
        />
      </Show>
    </div>
  )
}

function Waiting(): JSX.Element {
  return (
    <Skeleton what={words.loading}>
      <Bone shape="half" />
    </Skeleton>
  )
}
