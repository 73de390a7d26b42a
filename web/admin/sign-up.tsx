import { createSignal, Match, Show, Switch, type JSX } from 'solid-js'
import { asProblem } from '../api/problem.ts'
import type { AdminBoot } from '../boot.ts'
import { confirmSignUp, signUp } from '../session/sign-up.data.ts'
import { Button, ButtonLink } from '../ui/button.tsx'
import { ErrorSummary } from '../ui/error-summary.tsx'
import { createForm, PasswordField, TextField } from '../ui/form.tsx'
import { account } from '../words/account.ts'
import { explain } from '../words/problem.ts'
import { signUp as words } from '../words/sign-up.ts'
import './sign-in.css'

const lengthMin = 12

/** Where a new MSP signs up, and where the link in the mail leads. */
export function SignUpPage(props: { boot: AdminBoot }): JSX.Element {
  const token = new URLSearchParams(location.hash.slice(1)).get('token')
  const [sentTo, setSentTo] = createSignal<string>()
  return (
    <main class="gate roomy" id="main">
      <div class="gate-in">
        <Switch fallback={<SignUpForm byInvitation={props.boot.signUp === 'invite'} onSent={setSentTo} />}>
          <Match when={props.boot.signUp === 'closed'}>
            <h1>{words.closedTitle}</h1>
            <p>{words.closedText}</p>
            <div>
              <ButtonLink href="/">{words.toSignIn}</ButtonLink>
            </div>
          </Match>
          <Match when={token}>{(known) => <Confirmation token={known()} />}</Match>
          <Match when={sentTo()}>
            {(email) => (
              <div class="stack" role="status">
                <h1>{words.sentTitle}</h1>
                <p>{words.sentText(email())}</p>
                <p class="quiet small">{words.sentHelp}</p>
              </div>
            )}
          </Match>
        </Switch>
      </div>
    </main>
  )
}

function SignUpForm(props: { byInvitation: boolean; onSent: (email: string) => void }): JSX.Element {
  const form = createForm({
    initial: { mspName: '', name: '', email: '', password: '', code: '' },
    check: (values) => ({
      ...(values.mspName.trim() === '' && { mspName: words.enterMspName }),
      ...(values.name.trim() === '' && { name: words.enterName }),
      ...(!/^\S+@\S+\.\S+$/.test(values.email.trim()) && { email: words.enterEmail }),
      ...([...values.password].length < lengthMin && { password: account.tooShort([...values.password].length) }),
      ...(props.byInvitation && values.code.trim() === '' && { code: words.enterCode }),
    }),
    save: async ({ mspName, name, email, password, code }) => {
      await signUp({
        mspName: mspName.trim(),
        name: name.trim(),
        email: email.trim(),
        password,
        code: code.trim() || null,
      })
      props.onSent(email.trim())
    },
  })
  return (
    <>
      <div class="stack tight">
        <h1>{words.title}</h1>
        <p class="quiet">{words.lead}</p>
      </div>
      <form class="stack" novalidate onSubmit={form.submit}>
        <ErrorSummary of={form} />
        <TextField
          of={form.field('mspName')}
          label={words.mspName}
          help={words.mspNameHelp}
          autocomplete="organization"
          full
        />
        <TextField of={form.field('name')} label={words.name} autocomplete="name" full />
        <TextField
          of={form.field('email')}
          label={words.email}
          help={words.emailHelp}
          type="email"
          autocomplete="username"
          spellcheck={false}
          full
        />
        <PasswordField
          of={form.field('password')}
          label={words.password}
          help={account.rules}
          autocomplete="new-password"
          full
        />
        <Show when={props.byInvitation}>
          <TextField of={form.field('code')} label={words.code} help={words.codeHelp} spellcheck={false} full />
        </Show>
        <Button look="primary" type="submit" wide busy={form.busy()} busyLabel={words.busyVerb}>
          {words.verb}
        </Button>
        <p class="small">
          {words.have} <a href="/">{words.toSignIn}</a>
        </p>
      </form>
    </>
  )
}

/** A press of a button confirms, not the visit: programs that look at mails follow links. */
function Confirmation(props: { token: string }): JSX.Element {
  const [busy, setBusy] = createSignal(false)
  const [trouble, setTrouble] = createSignal<string>()
  const confirm = async () => {
    setBusy(true)
    try {
      await confirmSignUp(props.token)
      location.replace('/')
    } catch (error) {
      const problem = asProblem(error)
      setTrouble(
        problem.status === 404 || problem.status === 422 ? words.deadUnknown : (problem.detail ?? explain(problem)),
      )
      setBusy(false)
    }
  }
  return (
    <Show
      when={trouble()}
      fallback={
        <>
          <h1>{words.confirmTitle}</h1>
          <p>{words.confirmText}</p>
          <Button look="primary" wide busy={busy()} busyLabel={words.confirming} onClick={() => void confirm()}>
            {words.confirm}
          </Button>
        </>
      }
    >
      {(text) => (
        <>
          <h1>{words.deadTitle}</h1>
          <p role="alert">{text()}</p>
          <div class="row wrap">
            <Button onClick={() => location.assign('/sign-up')}>{words.again}</Button>
            <ButtonLink href="/">{words.toSignIn}</ButtonLink>
          </div>
        </>
      )}
    </Show>
  )
}
