import { Show, type JSX } from 'solid-js'
import { createForm, TextField } from '../../ui/form.tsx'
import { FormDialog } from '../../ui/form-dialog.tsx'
import { access } from '../../words/access.ts'
import { enablePortal, type Customer, type CustomerSummary } from '../customers/customers.data.ts'
import { useStaff } from '../staff.tsx'
import { suggestPrefix } from './suggest-prefix.ts'

const words = access.portal

/** Gives a customer its first portal: its address, and who is invited to look after it there. */
export function EnablePortal(props: {
  customer: Pick<CustomerSummary, 'id' | 'name' | 'email'>
  onClose: () => void
  onDone: (customer: Customer) => void
}): JSX.Element {
  const staff = useStaff()
  const form = createForm({
    initial: { portalPrefix: suggestPrefix(props.customer.name), portalAdminName: '' },
    check: (values) => ({ ...(values.portalPrefix.trim() === '' && { portalPrefix: words.enterPrefix }) }),
    save: async (values) =>
      props.onDone(
        await enablePortal(props.customer.id, {
          portalPrefix: values.portalPrefix.trim(),
          portalAdminName: values.portalAdminName.trim() || null,
        }),
      ),
  })
  const host = () => `${form.values().portalPrefix.trim().toLowerCase() || '…'}.${staff.boot.portalSuffix}`
  return (
    <FormDialog
      of={form}
      title={words.enableTitle(props.customer.name)}
      verb={words.enable}
      busyVerb={words.enabling}
      onClose={props.onClose}
    >
      <p>{words.enableText(props.customer.email)}</p>
      <TextField
        of={form.field('portalPrefix')}
        label={words.prefix}
        suffix={`.${staff.boot.portalSuffix}`}
        spellcheck={false}
        help={words.prefixHelp(host())}
      />
      <Show when={props.customer.email}>
        <TextField of={form.field('portalAdminName')} label={words.adminName} help={words.adminNameHelp} optional />
      </Show>
    </FormDialog>
  )
}
