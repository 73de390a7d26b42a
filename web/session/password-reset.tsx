import { createSignal, Show, type JSX } from 'solid-js'
import { Button, ButtonLink } from '../ui/button.tsx'
import { createForm, TextField } from '../ui/form.tsx'
import { Notice } from '../ui/notice.tsx'
import { common } from '../words/common.ts'
import { passwordReset as words } from '../words/password-reset.ts'
import { acceptReset, findReset, requestReset } from './password-reset.data.ts'
import { SetPassword } from './set-password.tsx'
import { createTokenHere } from './token-here.ts'

/** The way back in: asks for a link, or, with one, sets the new password. */
export function PasswordResetForms(): JSX.Element {
  const token = createTokenHere()
  return (
    <Show when={token()} keyed fallback={<Ask />}>
      {(known) => <ByLink token={known} />}
    </Show>
  )
}

function Ask(): JSX.Element {
  const [sentTo, setSentTo] = createSignal<string>()
  const form = createForm({
    initial: { email: '' },
    check: (values) => (values.email.trim() === '' ? { email: common.enterEmail } : {}),
    save: async (values) => {
      await requestReset(values.email.trim())
      setSentTo(values.email.trim())
    },
  })
  return (
    <Show when={sentTo()} fallback={<AskForm form={form} />}>
      {(email) => (
        <div class="stack" role="status">
          <h1>{words.sentTitle}</h1>
          <p>{words.sentText(email())}</p>
          <p class="quiet small">{words.sentHelp}</p>
          <div class="row wrap">
            <ButtonLink href="/">{words.toSignIn}</ButtonLink>
            <Button look="ghost" onClick={() => setSentTo(undefined)}>
              {words.another}
            </Button>
          </div>
        </div>
      )}
    </Show>
  )
}

function AskForm(props: { form: ReturnType<typeof createForm<{ email: string }>> }): JSX.Element {
  return (
    <>
      <div class="stack tight">
        <h1>{words.askTitle}</h1>
        <p class="quiet">{words.askLead}</p>
      </div>
      <form class="stack" novalidate onSubmit={props.form.submit}>
        <Show when={props.form.trouble()}>{(text) => <Notice kind="bad">{text()}</Notice>}</Show>
        <TextField
          of={props.form.field('email')}
          label={common.email}
          type="email"
          autocomplete="username"
          spellcheck={false}
          full
        />
        <Button look="primary" type="submit" wide busy={props.form.busy()} busyLabel={words.sending}>
          {words.send}
        </Button>
        <p class="small">
          <a href="/">{words.toSignIn}</a>
        </p>
      </form>
    </>
  )
}

function ByLink(props: { token: string }): JSX.Element {
  return (
    <SetPassword
      words={words.byLink}
      find={() => findReset(props.token)}
      accept={(password) => acceptReset(props.token, password)}
      otherwise={
        // The same page without its token: a new start, not a step within it.
        <Button look="primary" onClick={() => location.assign('/password-reset')}>
          {words.askAgain}
        </Button>
      }
    />
  )
}
