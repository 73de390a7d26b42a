import { createSignal, For, Show, type JSX } from 'solid-js'
import { Button } from '../../ui/button.tsx'
import { Confirm } from '../../ui/dialog.tsx'
import { keepFocus } from '../../ui/focus.ts'
import { Checkbox } from '../../ui/inputs.tsx'
import { Panel } from '../../ui/panel.tsx'
import { adminRequests as words } from '../../words/admin-requests.ts'
import { requests as shared } from '../../words/requests.ts'
import type { StaffRequest } from './requests.data.ts'

/** What is to be done, ticked off as it is; done closes the ticket, too. */
export function Checklist(props: {
  request: StaffRequest
  mayWrite: boolean
  onStep: (stepId: string, isDone: boolean) => Promise<void>
  onComplete: (leaveOpen: boolean) => Promise<void>
}): JSX.Element {
  const [asking, setAsking] = createSignal(false)
  const [busy, setBusy] = createSignal(false)
  const openCount = () => words.openSteps(props.request)
  const isUnderWay = () => props.request.state === 'approved' || props.request.state === 'in_progress'
  // One after the other, so that what is answered last is what holds; and what is left is only asked once all are answered.
  let ticking: Promise<void> = Promise.resolve()
  const [ticked, setTicked] = createSignal<Record<string, boolean | undefined>>({})
  const tick = (stepId: string, isDone: boolean) => {
    // As it was ticked until it is answered: the answer to another step does not take it back.
    setTicked((before) => ({ ...before, [stepId]: isDone }))
    ticking = ticking
      .then(() => props.onStep(stepId, isDone))
      .then(() => void setTicked((before) => ({ ...before, [stepId]: undefined })))
  }
  const complete = async (leaveOpen: boolean) => {
    setBusy(true)
    await ticking
    if (leaveOpen || openCount() === 0) {
      await props.onComplete(leaveOpen)
      setAsking(false)
      keepFocus()
    } else setAsking(true)
    setBusy(false)
  }
  return (
    <Panel title={`${words.checklist} · ${shared.steps(props.request.steps)}`}>
      <div class="panel-body stack">
        <ol class="stack tight">
          <For each={props.request.checklist.map(({ id }) => id)}>
            {(id) => {
              const step = () => props.request.checklist.find((each) => each.id === id)
              return (
                <li>
                  <Show
                    when={props.mayWrite && isUnderWay()}
                    fallback={
                      <>
                        <bdi>{step()?.title}</bdi>{' '}
                        <Show when={step()?.done}>
                          {(done) => <span class="quiet small">{shared.stepDone(done().by, done().at)}</span>}
                        </Show>
                      </>
                    }
                  >
                    <Checkbox
                      label={
                        <>
                          <bdi>{step()?.title}</bdi>
                          <Show when={step()?.done}>
                            {(done) => <span class="quiet small"> {shared.stepDone(done().by, done().at)}</span>}
                          </Show>
                        </>
                      }
                      checked={ticked()[id] ?? step()?.done !== null}
                      onChange={(isDone) => tick(id, isDone)}
                    />
                  </Show>
                </li>
              )
            }}
          </For>
        </ol>
        <Show when={props.mayWrite && isUnderWay()}>
          <div class="row wrap">
            <Button
              look={openCount() === 0 ? 'primary' : 'outlined'}
              busy={busy() && !asking()}
              busyLabel={words.completing}
              onClick={() => void complete(false)}
            >
              {words.complete}
            </Button>
            <span class="quiet small">{words.completeHelp}</span>
          </div>
        </Show>
      </div>
      <Confirm
        open={asking()}
        title={words.leaveTitle(openCount())}
        verb={words.leaveVerb}
        busy={busy()}
        onConfirm={() => void complete(true)}
        onClose={() => setAsking(false)}
      >
        <p>{words.leaveText}</p>
      </Confirm>
    </Panel>
  )
}
