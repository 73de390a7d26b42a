import { generate } from 'lean-qr'
import { createSignal, Show, type JSX } from 'solid-js'
import { beginTwoStep, confirmTwoStep, type TwoStepSetup } from '../../session/two-step.data.ts'
import { Button } from '../../ui/button.tsx'
import { CopyButton } from '../../ui/copy.tsx'
import { createForm, PasswordField, TextField } from '../../ui/form.tsx'
import { Notice } from '../../ui/notice.tsx'
import { common } from '../../words/common.ts'
import { explain } from '../../words/problem.ts'
import { twoStep as words } from '../../words/two-step.ts'
import { Codes } from './codes.tsx'
import './two-step.css'

/** Sets two-step verification up: the password, the picture for the app, a code that proves it, and the recovery codes, shown this once. */
export default function SetUp(props: { onDone: () => void; doneLabel: string }): JSX.Element {
  const [setup, setSetup] = createSignal<TwoStepSetup>()
  const [codes, setCodes] = createSignal<string[]>()
  return (
    <Show
      when={codes()}
      fallback={
        <Show when={setup()} fallback={<Begin onBegun={setSetup} />}>
          {(known) => <Prove setup={known()} onProved={setCodes} />}
        </Show>
      }
    >
      {(known) => <Codes codes={known()} doneLabel={props.doneLabel} onDone={props.onDone} />}
    </Show>
  )
}

/** Whoever only came by a session could keep its owner out with an app of their own. */
function Begin(props: { onBegun: (setup: TwoStepSetup) => void }): JSX.Element {
  const form = createForm({
    initial: { password: '' },
    check: (values) => (values.password === '' ? { password: common.enterPassword } : {}),
    save: async ({ password }) => props.onBegun(await beginTwoStep(password)),
    explain: (problem) => (problem.status === 409 ? (problem.detail ?? undefined) : explain(problem)),
  })
  return (
    <form class="stack" novalidate onSubmit={form.submit}>
      <Show when={form.trouble()}>{(text) => <Notice kind="bad">{text()}</Notice>}</Show>
      <PasswordField
        of={form.field('password')}
        label={common.password}
        help={words.passwordHelp}
        autocomplete="current-password"
      />
      <div>
        <Button look="primary" type="submit" busy={form.busy()} busyLabel={words.confirming}>
          {words.go}
        </Button>
      </div>
    </form>
  )
}

function Prove(props: { setup: TwoStepSetup; onProved: (codes: string[]) => void }): JSX.Element {
  const form = createForm({
    initial: { code: '' },
    check: (values) => (/^\d{6}$/.test(values.code.replaceAll(' ', '')) ? {} : { code: words.enterCode }),
    save: async (values) => props.onProved(await confirmTwoStep(values.code.replaceAll(' ', ''))),
  })
  const spaced = () => props.setup.secret.replaceAll(/(.{4})(?=.)/g, '$1 ')
  return (
    <form class="stack" novalidate onSubmit={form.submit}>
      <Show when={form.trouble()}>{(text) => <Notice kind="bad">{text()}</Notice>}</Show>
      <p>{words.scan}</p>
      <Picture of={props.setup.uri} />
      <p class="small">
        <a href={props.setup.uri}>{words.openApp}</a>
      </p>
      <div class="stack tight">
        <p class="quiet small">{words.typeInstead}</p>
        <div class="row wrap">
          <code class="two-step-secret">{spaced()}</code>
          <CopyButton text={props.setup.secret} label={words.secret} />
        </div>
      </div>
      <TextField
        of={form.field('code')}
        label={words.code}
        help={words.codeHelp}
        autocomplete="one-time-code"
        spellcheck={false}
      />
      <div>
        <Button look="primary" type="submit" busy={form.busy()} busyLabel={words.confirming}>
          {words.confirm}
        </Button>
      </div>
    </form>
  )
}

/** A QR code as one path, black on white also in the dark: apps read nothing else. */
function Picture(props: { of: string }): JSX.Element {
  const code = () => generate(props.of)
  const path = () => {
    const bitmap = code()
    let drawn = ''
    for (let y = 0; y < bitmap.size; y += 1)
      for (let x = 0; x < bitmap.size; x += 1) if (bitmap.get(x, y)) drawn += `M${x} ${y}h1v1h-1z`
    return drawn
  }
  return (
    <svg
      class="two-step-picture"
      viewBox={`-4 -4 ${code().size + 8} ${code().size + 8}`}
      shape-rendering="crispEdges"
      role="img"
      aria-label={words.picture}
    >
      <path d={path()} />
    </svg>
  )
}
