import type { JSX } from 'solid-js'
import { createForm, FormDialog, TextAreaField, TextField } from '../../ui/form.tsx'
import { admin } from '../../words/admin.ts'
import { addCustomer, saveCustomer, type Customer, type CustomerInput } from './customers.data.ts'

const words = admin.customers

/** Adds a customer, or changes one when it is given. */
export function CustomerForm(props: {
  customer?: Customer
  onClose: () => void
  onDone: (customer: Customer) => void
}): JSX.Element {
  const form = createForm({
    initial: {
      name: props.customer?.name ?? '',
      email: props.customer?.email ?? '',
      phone: props.customer?.phone ?? '',
      address: props.customer?.address ?? '',
      notes: props.customer?.notes ?? '',
      psaId: props.customer?.psaId ?? '',
    },
    check: (values) => ({
      ...(values.name.trim() === '' && { name: words.enterName }),
      ...(values.email.trim() !== '' && !values.email.includes('@') && { email: words.enterEmail }),
    }),
    save: async (values) => {
      const input: CustomerInput = {
        name: values.name.trim(),
        email: values.email.trim() || null,
        phone: values.phone.trim() || null,
        address: values.address.trim() || null,
        notes: values.notes.trim() || null,
        psaId: values.psaId.trim() || null,
      }
      props.onDone(await (props.customer ? saveCustomer(props.customer, input) : addCustomer(input)))
    },
  })
  return (
    <FormDialog
      of={form}
      title={props.customer ? words.edit : words.add}
      verb={props.customer ? words.save : words.add}
      busyVerb={props.customer ? words.saving : words.adding}
      onClose={props.onClose}
    >
      <TextField of={form.field('name')} label={words.fieldName} help={words.fieldNameHelp} />
      <TextField
        of={form.field('email')}
        label={words.fieldEmail}
        help={words.fieldEmailHelp}
        type="email"
        spellcheck={false}
        optional
      />
      <TextField of={form.field('phone')} label={words.fieldPhone} type="tel" optional />
      <TextField of={form.field('address')} label={words.fieldAddress} optional />
      <TextField of={form.field('psaId')} label={words.psaId} help={words.psaIdHelp} optional />
      <TextAreaField of={form.field('notes')} label={words.fieldNotes} help={words.fieldNotesHelp} rows={3} optional />
    </FormDialog>
  )
}
