import { Show, type JSX } from 'solid-js'
import { createForm, TextField } from '../../ui/form.tsx'
import { FormDialog } from '../../ui/form-dialog.tsx'
import { SelectField, TextAreaField } from '../../ui/form-inputs.tsx'
import { words } from '../../words/licences.ts'
import { submitRequest, type Licence, type ServiceRequestSummary } from './licences.data.ts'

const moreSeatsMax = 1_000

/** The form that asks the provider for more seats of a licence. */
export function RequestSeats(props: {
  customerId: string
  provider: string
  licence: Licence
  onClose: () => void
  onDone: (request: ServiceRequestSummary) => void
}): JSX.Element {
  const form = createForm({
    initial: { moreSeats: '', tenantId: props.licence.tenants[0]?.tenantId ?? '', reason: '' },
    check: (values) => ({
      ...(!isCount(values.moreSeats) && { moreSeats: words.enterCount }),
      ...(values.reason.trim() === '' && { reason: words.enterReason }),
    }),
    save: async (values) =>
      props.onDone(
        await submitRequest(props.customerId, {
          type: 'licence_change',
          skuId: props.licence.skuId,
          tenantId: values.tenantId,
          moreSeats: Number(values.moreSeats.trim()),
          startsOn: null,
          endsOn: null,
          answers: {},
          people: [],
          reason: values.reason.trim(),
        }),
      ),
  })
  const bought = () =>
    props.licence.tenants.find(({ tenantId }) => tenantId === form.values().tenantId)?.boughtCount ??
    props.licence.boughtCount
  return (
    <FormDialog
      of={form}
      title={words.requestFor(props.licence.name)}
      verb={words.send}
      busyVerb={words.sending}
      onClose={props.onClose}
    >
      <p class="quiet">{words.requestLead(props.provider)}</p>
      <Show when={props.licence.tenants.length > 1}>
        <SelectField
          of={form.field('tenantId')}
          label={words.environment}
          options={props.licence.tenants.map(({ tenantId, name }) => ({ value: tenantId, label: name }))}
        />
      </Show>
      <TextField of={form.field('moreSeats')} label={words.howMany} help={words.howManyHelp(bought())} />
      <TextAreaField of={form.field('reason')} label={words.reason} />
    </FormDialog>
  )
}

const isCount = (text: string): boolean =>
  /^\d{1,4}$/.test(text.trim()) && Number(text) >= 1 && Number(text) <= moreSeatsMax
