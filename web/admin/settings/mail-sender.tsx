import type { JSX } from 'solid-js'
import { createForm, TextField } from '../../ui/form.tsx'
import { say } from '../../ui/messages.tsx'
import { admin } from '../../words/admin.ts'
import { useStaff } from '../staff.tsx'
import { SettingsForm, SettingsOf } from './settings-form.tsx'
import { readMailSender, saveMailSender, type MailSender } from './settings.data.ts'

const words = admin.settings

export function MailSenderPage(): JSX.Element {
  return (
    <SettingsOf read={readMailSender}>
      {(sender, reload) => <MailSenderForm sender={sender} reload={reload} />}
    </SettingsOf>
  )
}

function MailSenderForm(props: { sender: MailSender; reload: () => void }): JSX.Element {
  const staff = useStaff()
  const initial = { fromName: props.sender.fromName, replyTo: props.sender.replyTo ?? '' }
  const form = createForm({
    initial,
    readOnly: !staff.mayManage,
    check: (values) => ({
      ...(values.fromName.trim() === '' && { fromName: words.enterName }),
      ...(values.replyTo.trim() !== '' && !values.replyTo.includes('@') && { replyTo: admin.customers.enterEmail }),
    }),
    save: async (values) => {
      await saveMailSender(props.sender, { fromName: values.fromName.trim(), replyTo: values.replyTo.trim() || null })
      form.reset(values)
      say(words.saved)
      props.reload()
    },
  })
  return (
    <SettingsForm form={form} lead={words.mailLead} initial={initial}>
      <TextField of={form.field('fromName')} label={words.fromName} help={words.fromNameHelp} />
      <TextField of={form.field('replyTo')} label={words.replyTo} type="email" help={words.replyToHelp} optional />
    </SettingsForm>
  )
}
