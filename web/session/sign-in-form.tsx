import type { JSX } from 'solid-js'
import { createSignal, lazy, Show, Suspense } from 'solid-js'
import { ProblemError } from '../api/problem.ts'
import { Button } from '../ui/button.tsx'
import { createForm, PasswordField, TextField } from '../ui/form.tsx'
import { Notice } from '../ui/notice.tsx'
import { common } from '../words/common.ts'
import { signIn, type Credentials } from './session.data.ts'

// Only staff have a second step, and not all of them: nobody else waits for its form.
const CodeForm = lazy(() => import('./code-form.tsx'))

/** E-mail and password. On success the same address is loaded again, now with its person in it. */
export function SignInForm(props: {
  /** What is typed is a temporary password, right, which only leads to another. */
  onTemporary?: (credentials: Credentials) => void
}): JSX.Element {
  const [held, setHeld] = createSignal<string>()
  const form = createForm({
    initial: { email: '', password: '' },
    check: (values) => ({
      ...(values.email.trim() === '' && { email: common.enterEmail }),
      ...(values.password === '' && { password: common.enterPassword }),
    }),
    save: async (values) => {
      const credentials = { email: values.email.trim(), password: values.password }
      try {
        const token = await signIn(credentials)
        if (token !== undefined) return setHeld(token)
      } catch (error) {
        if (!(error instanceof ProblemError) || error.code !== 'password_change_needed') throw error
        return props.onTemporary?.(credentials)
      }
      location.reload()
      // The button stays busy until the new page replaces this one.
      return new Promise(() => undefined)
    },
    explain: (problem) =>
      problem.status === 401
        ? common.wrongSignIn
        : problem.status === 429
          ? common.tooMany(problem.retryAfterSeconds)
          : undefined,
  })
  const credentials = () => (
    <form class="stack" novalidate onSubmit={form.submit}>
      <Show when={form.trouble()}>{(text) => <Notice kind="bad">{text()}</Notice>}</Show>
      <TextField
        of={form.field('email')}
        label={common.email}
        type="email"
        autocomplete="username"
        spellcheck={false}
        full
      />
      <PasswordField of={form.field('password')} label={common.password} autocomplete="current-password" full />
      <Button look="primary" type="submit" wide busy={form.busy()} busyLabel={common.signingIn}>
        {common.signIn}
      </Button>
      <p class="small">
        <a href="/password-reset">{common.forgotPassword}</a>
      </p>
    </form>
  )
  return (
    <Show when={held()} fallback={credentials()}>
      {(token) => (
        <Suspense>
          <CodeForm token={token()} onDone={() => location.reload()} />
        </Suspense>
      )}
    </Show>
  )
}
