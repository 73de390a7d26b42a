import type { JSX } from 'solid-js'
import { createForm, PasswordField } from '../ui/form.tsx'
import { FormDialog } from '../ui/form-dialog.tsx'
import { common } from '../words/common.ts'
import { explain } from '../words/problem.ts'

/** Something that is done only for who proves their password. */
export function ByPassword(props: {
  title: string
  text: string
  verb: string
  busyVerb: string
  act: (password: string) => Promise<void>
  onClose: () => void
}): JSX.Element {
  const form = createForm({
    initial: { password: '' },
    check: (values) => (values.password === '' ? { password: common.enterPassword } : {}),
    save: ({ password }) => props.act(password),
    explain: (problem) => (problem.status === 409 ? (problem.detail ?? undefined) : explain(problem)),
  })
  return (
    <FormDialog of={form} title={props.title} verb={props.verb} busyVerb={props.busyVerb} onClose={props.onClose}>
      <p>{props.text}</p>
      <PasswordField of={form.field('password')} label={common.password} autocomplete="current-password" />
    </FormDialog>
  )
}
