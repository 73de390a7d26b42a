import { createResource, createSignal, type JSX } from 'solid-js'
import { asProblem } from '../../api/problem.ts'
import { readRequirement, saveRequirement, type TwoStepRequirement } from '../../session/two-step.data.ts'
import { say } from '../../ui/messages.tsx'
import { Panel } from '../../ui/panel.tsx'
import { Bone, Loaded, Skeleton } from '../../ui/states.tsx'
import { Switch } from '../../ui/switch.tsx'
import { explain } from '../../words/problem.ts'
import { twoStep as words } from '../../words/two-step.ts'

/** Whether owners and admins must use two-step verification. */
export function Requirement(): JSX.Element {
  const [rule, { refetch }] = createResource(readRequirement)
  const [busy, setBusy] = createSignal(false)
  const set = async (before: TwoStepRequirement, required: boolean) => {
    setBusy(true)
    try {
      await saveRequirement(before, required)
      say(required ? words.ruleOn : words.ruleOff)
    } catch (error) {
      const problem = asProblem(error)
      say(problem.status === 409 ? (problem.detail ?? explain(problem)) : explain(problem), { mood: 'bad' })
    } finally {
      await refetch()
      setBusy(false)
    }
  }
  return (
    <Panel title={words.ruleTitle} padded>
      <Loaded of={rule} waiting={<Waiting />} failedTitle={words.ruleFailed} retry={() => void refetch()}>
        {(known) => (
          <div class="stack tight">
            <div class="row">
              <Switch
                label={words.rule}
                on={known().twoStepRequired}
                busy={busy()}
                onChange={(on) => void set(known(), on)}
              />
              <span aria-hidden="true">{words.rule}</span>
            </div>
            <p class="quiet small">{words.ruleHelp}</p>
          </div>
        )}
      </Loaded>
    </Panel>
  )
}

function Waiting(): JSX.Element {
  return (
    <Skeleton what={words.ruleTitle}>
      <Bone shape="long" />
    </Skeleton>
  )
}
