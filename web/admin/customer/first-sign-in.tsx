import { createSignal, Show, type JSX } from 'solid-js'
import { asProblem } from '../../api/problem.ts'
import { RadioGroup } from '../../ui/inputs.tsx'
import { say } from '../../ui/messages.tsx'
import { Block } from '../../ui/panel.tsx'
import { access } from '../../words/access.ts'
import { explain } from '../../words/problem.ts'
import { savePortalSignIn, type Portal } from '../brand/brand.data.ts'
import { policies } from '../settings/first-sign-in.tsx'
import { useCustomer } from './customer-context.ts'

const words = access.signIn

/** How people of this customer first sign in: counts at once, apart from the settings above it. */
export function FirstSignIn(props: { portal: Portal; readAgain: () => Promise<unknown> }): JSX.Element {
  const { customer, mayChange } = useCustomer()
  const [chosen, setChosen] = createSignal(props.portal.signInPolicy)
  const choose = async (policy: Portal['signInPolicy']) => {
    const before = chosen()
    setChosen(policy)
    try {
      await savePortalSignIn(customer().id, props.portal, policy)
      say(words.saved)
      await props.readAgain()
    } catch (error) {
      setChosen(before)
      say(explain(asProblem(error)), { mood: 'bad' })
    }
  }
  const named = (policy: Portal['signInPolicy']) => (policy === null ? words.asDefault : words.policy[policy])
  return (
    <Block title={words.title}>
      <Show when={mayChange()} fallback={<p>{named(chosen())}</p>}>
        <RadioGroup
          legend={words.ownLegend}
          value={chosen() ?? ''}
          options={[
            { value: '', label: words.asDefault },
            ...policies.map((value) => ({ value, label: words.policy[value], help: words.help[value] })),
          ]}
          onChange={(value) => void choose(policies.find((policy) => policy === value) ?? null)}
        />
      </Show>
    </Block>
  )
}
