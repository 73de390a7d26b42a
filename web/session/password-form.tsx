import { Show, type JSX } from 'solid-js'
import { Button } from '../ui/button.tsx'
import { createForm, PasswordField } from '../ui/form.tsx'
import { say } from '../ui/messages.tsx'
import { Notice } from '../ui/notice.tsx'
import { account } from '../words/account.ts'
import { changePassword } from './account.data.ts'
import { KnownUser } from './known-user.tsx'

const lengthMin = 12

/** Changes one's own password. */
export function PasswordForm(props: { email: string; onChanged?: () => void }): JSX.Element {
  const initial = { currentPassword: '', newPassword: '' }
  const form = createForm({
    initial,
    check: (values) => ({
      ...(values.currentPassword === '' && { currentPassword: account.enterCurrent }),
      ...([...values.newPassword].length < lengthMin && {
        newPassword: account.tooShort([...values.newPassword].length),
      }),
    }),
    save: async (values) => {
      await changePassword(values.currentPassword, values.newPassword)
      form.reset(initial)
      say(account.changed)
      props.onChanged?.()
    },
  })
  return (
    <form class="stack" novalidate onSubmit={form.submit}>
      <Show when={form.trouble()}>{(text) => <Notice kind="bad">{text()}</Notice>}</Show>
      <KnownUser email={props.email} />
      <PasswordField of={form.field('currentPassword')} label={account.current} autocomplete="current-password" />
      <PasswordField
        of={form.field('newPassword')}
        label={account.next}
        help={account.rules}
        autocomplete="new-password"
      />
      <div>
        <Button look="primary" type="submit" busy={form.busy()} busyLabel={account.changing}>
          {account.change}
        </Button>
      </div>
    </form>
  )
}
