import { createSignal, Match, Show, Switch, type JSX } from 'solid-js'
import type { AdminBoot } from '../boot.ts'
import { SetPassword } from '../session/set-password.tsx'
import { confirmSignUp, findSignUp, signUp } from '../session/sign-up.data.ts'
import { createTokenHere } from '../session/token-here.ts'
import { Button, ButtonLink } from '../ui/button.tsx'
import { ErrorSummary } from '../ui/error-summary.tsx'
import { createForm, TextField } from '../ui/form.tsx'
import { signUp as words } from '../words/sign-up.ts'
import './sign-in.css'

/** Where a new MSP signs up, and where the link in the mail leads. */
export function SignUpPage(props: { boot: AdminBoot }): JSX.Element {
  const token = createTokenHere()
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
          <Match when={token()} keyed>
            {(known) => <ByLink token={known} />}
          </Match>
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
    initial: { mspName: '', name: '', email: '', code: '' },
    check: (values) => ({
      ...(values.mspName.trim() === '' && { mspName: words.enterMspName }),
      ...(values.name.trim() === '' && { name: words.enterName }),
      ...(!/^\S+@\S+\.\S+$/.test(values.email.trim()) && { email: words.enterEmail }),
      ...(props.byInvitation && values.code.trim() === '' && { code: words.enterCode }),
    }),
    save: async ({ mspName, name, email, code }) => {
      await signUp({
        mspName: mspName.trim(),
        name: name.trim(),
        email: email.trim(),
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

/** Whoever holds the link is shown what was signed up with their address, which a stranger may have done, before they make it theirs. */
function ByLink(props: { token: string }): JSX.Element {
  return (
    <SetPassword
      words={words.byLink}
      find={async () => {
        const { mspName, ...found } = await findSignUp(props.token)
        return { ...found, companyName: mspName }
      }}
      accept={(password) => confirmSignUp(props.token, password)}
      about={(link) => (
        <>
          <p>{words.notYours}</p>
          <Fact label={words.signedUpMsp} value={link.companyName} />
          <Fact label={words.signedUpName} value={link.name} />
        </>
      )}
      otherwise={
        // The same page without its token: a new start, not a step within it.
        <Button look="primary" onClick={() => location.assign('/sign-up')}>
          {words.again}
        </Button>
      }
    />
  )
}

const Fact = (props: { label: string; value: string }): JSX.Element => (
  <p>
    <span class="quiet small">{props.label}</span>
    <br />
    <b>{props.value}</b>
  </p>
)
