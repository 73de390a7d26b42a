import type { JSX } from 'solid-js'
import { createForm, TextField } from '../../ui/form.tsx'
import { FormDialog } from '../../ui/form-dialog.tsx'
import { adminTickets as words } from '../../words/admin-tickets.ts'
import type { Acting } from './ticket-page.tsx'
import type { StaffTicket } from './tickets.data.ts'

/** Calls a ticket what it turned out to be about. */
export function Rename(props: { ticket: StaffTicket; acting: Acting; onClose: () => void }): JSX.Element {
  const form = createForm<{ subject: string }>({
    initial: { subject: props.ticket.subject },
    check: ({ subject }) => (subject.trim() === '' ? { subject: words.form.subjectMissing } : {}),
    save: async ({ subject }) => {
      if (await props.acting.save({ subject: subject.trim() })) props.onClose()
    },
  })
  return (
    <FormDialog of={form} title={words.renameTitle} verb={words.save} busyVerb={words.saving} onClose={props.onClose}>
      <TextField of={form.field('subject')} label={words.form.subject} help={words.form.subjectHelp} full />
    </FormDialog>
  )
}
