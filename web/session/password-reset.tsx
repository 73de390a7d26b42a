import { createResource, createSignal, Match, onCleanup, Show, Switch, type JSX } from 'solid-js'
import { ProblemError } from '../api/problem.ts'
import { Button, ButtonLink } from '../ui/button.tsx'
import { createForm, PasswordField, TextField } from '../ui/form.tsx'
import { Notice } from '../ui/notice.tsx'
import { account } from '../words/account.ts'
import { common } from '../words/common.ts'
import { passwordReset as words } from '../words/password-reset.ts'
import { explain } from '../words/problem.ts'
import { KnownUser } from './known-user.tsx'
import { acceptReset, findReset, requestReset, type PasswordReset } from './password-reset.data.ts'

const lengthMin = 12

/** The way back in: asks for a link, or, with one, sets the new password. The token stands after the #, so no log sees it. */
export function PasswordResetForms(): JSX.Element {
  const [token, setToken] = createSignal(tokenHere())
  // Opened from the mail in the tab that asked for it, only what stands after the # changes.
  const follow = () => setToken(tokenHere())
  addEventListener('hashchange', follow)
  onCleanup(() => removeEventListener('hashchange', follow))
  return (
    <Show when={token()} keyed fallback={<Ask />}>
      {(known) => <ByLink token={known} />}
    </Show>
  )
}

const tokenHere = () => new URLSearchParams(location.hash.slice(1)).get('token')

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
  const [reset, { refetch }] = createResource(() => findReset(props.token))
  const status = () => (reset.error instanceof ProblemError ? reset.error.status : undefined)
  return (
    <Switch
      fallback={
        <p class="quiet" role="status">
          {common.loading(words.loading)}
        </p>
      }
    >
      <Match when={reset.state === 'errored' && status() === 410}>
        <DeadEnd title={words.usedTitle} text={words.usedText} />
      </Match>
      <Match when={reset.state === 'errored' && (status() === 404 || status() === 422 || status() === 400)}>
        <DeadEnd title={words.unknownTitle} text={words.unknownText} />
      </Match>
      <Match when={reset.state === 'errored'}>
        <h1>{words.failedTitle}</h1>
        <p role="alert">{reset.error instanceof ProblemError ? explain(reset.error) : common.failed}</p>
        <div>
          <Button onClick={() => void refetch()}>{common.tryAgain}</Button>
        </div>
      </Match>
      <Match when={reset.state === 'ready' && reset.latest}>
        {(found) => <SetForm reset={found()} token={props.token} />}
      </Match>
    </Switch>
  )
}

function SetForm(props: { reset: PasswordReset; token: string }): JSX.Element {
  const form = createForm({
    initial: { password: '' },
    check: (values) =>
      [...values.password].length < lengthMin ? { password: account.tooShort([...values.password].length) } : {},
    save: async (values) => {
      await acceptReset(props.token, values.password)
      location.replace('/')
      await new Promise(() => undefined)
    },
    explain: (problem) => (problem.status === 410 ? words.usedText : undefined),
  })
  return (
    <>
      <h1>{words.setTitle(props.reset.companyName)}</h1>
      <form class="stack" novalidate onSubmit={form.submit}>
        <Show when={form.trouble()}>{(text) => <Notice kind="bad">{text()}</Notice>}</Show>
        <p>
          <span class="quiet small">{words.signsInAs}</span>
          <br />
          <b>{props.reset.email}</b>
        </p>
        <KnownUser email={props.reset.email} />
        <PasswordField
          of={form.field('password')}
          label={account.next}
          help={account.rules}
          autocomplete="new-password"
          full
        />
        <Button look="primary" type="submit" wide busy={form.busy()} busyLabel={words.setting}>
          {words.set}
        </Button>
        <p class="quiet smaller">{words.until(props.reset.expiresAt)}</p>
      </form>
    </>
  )
}

function DeadEnd(props: { title: string; text: string }): JSX.Element {
  return (
    <>
      <h1>{props.title}</h1>
      <p>{props.text}</p>
      <div class="row wrap">
        {/* The same page without its token: a new start, not a step within it. */}
        <Button look="primary" onClick={() => location.assign('/password-reset')}>
          {words.askAgain}
        </Button>
        <ButtonLink href="/">{words.toSignIn}</ButtonLink>
      </div>
    </>
  )
}
