import { createSignal, Show, type JSX } from 'solid-js'
import { Button } from '../ui/button.tsx'
import { createForm, TextField } from '../ui/form.tsx'
import { Notice } from '../ui/notice.tsx'
import { twoStep as words } from '../words/two-step.ts'
import { signInByCode } from './two-step.data.ts'

/** The second step of signing in. On success the start page is loaded, with its person in it. */
export default function CodeForm(props: { token: string; onDone: () => void }): JSX.Element {
  const [isOver, setIsOver] = createSignal(false)
  const form = createForm({
    initial: { code: '' },
    check: (values) => (values.code.trim() === '' ? { code: words.enterAnyCode } : {}),
    save: async (values) => {
      await signInByCode(props.token, values.code.trim())
      props.onDone()
      await new Promise(() => undefined)
    },
    explain: (problem) => {
      if (problem.status !== 410) return undefined
      setIsOver(true)
      return words.tooLate
    },
  })
  return (
    <form class="stack" novalidate onSubmit={form.submit}>
      <div class="stack tight">
        <h2>{words.needTitle}</h2>
        <p class="quiet">{words.needText}</p>
      </div>
      <Show when={form.trouble()}>{(text) => <Notice kind="bad">{text()}</Notice>}</Show>
      <Show
        when={!isOver()}
        fallback={
          <div>
            <Button look="primary" onClick={() => location.assign('/')}>
              {words.again}
            </Button>
          </div>
        }
      >
        <TextField
          of={form.field('code')}
          label={words.anyCode}
          help={words.anyCodeHelp}
          autocomplete="one-time-code"
          spellcheck={false}
          full
        />
        <Button look="primary" type="submit" wide busy={form.busy()} busyLabel={words.finishing}>
          {words.finish}
        </Button>
      </Show>
    </form>
  )
}
