import { Show, type JSX } from 'solid-js'
import { replaceTemporaryPassword, type Credentials } from '../../session/session.data.ts'
import { Button } from '../../ui/button.tsx'
import { createForm, PasswordField } from '../../ui/form.tsx'
import { Notice } from '../../ui/notice.tsx'
import { entry as words } from '../../words/portal-entry.ts'
import { portal } from '../../words/portal.ts'

const passwordLengthMin = 12

/** What a temporary password leads to, and nothing else: choosing one's own. */
export default function OwnPassword(props: { temporary: Credentials }): JSX.Element {
  const form = createForm({
    initial: { password: '' },
    check: (values) =>
      [...values.password].length < passwordLengthMin ? { password: portal.tooShort([...values.password].length) } : {},
    save: async (values) => {
      await replaceTemporaryPassword(props.temporary, values.password)
      location.replace('/')
      await new Promise(() => undefined)
    },
    explain: (problem) => (problem.status === 401 ? words.ownOver : undefined),
  })
  return (
    <>
      <div class="stack tight">
        <h1>{words.ownTitle}</h1>
        <p class="quiet">{words.ownText}</p>
      </div>
      <form class="stack" novalidate onSubmit={form.submit}>
        <Show when={form.trouble()}>{(text) => <Notice kind="bad">{text()}</Notice>}</Show>
        {/* Password managers store the pair only when they see both. */}
        <input
          class="sr"
          type="email"
          autocomplete="username"
          value={props.temporary.email}
          readonly
          tabindex="-1"
          aria-hidden="true"
        />
        <PasswordField
          of={form.field('password')}
          label={portal.newPassword}
          help={portal.passwordRules}
          autocomplete="new-password"
          full
        />
        <Button look="primary" type="submit" wide busy={form.busy()} busyLabel={words.ownBusy}>
          {words.ownAct}
        </Button>
      </form>
    </>
  )
}
