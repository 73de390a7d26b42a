import { Navigate, useParams } from '@solidjs/router'
import { createSignal, Show, type JSX } from 'solid-js'
import type { RequestFormOverlaySettings } from '../../api/shapes.ts'
import { Field } from '../../ui/field.tsx'
import { createForm, type FieldOf } from '../../ui/form.tsx'
import { Select } from '../../ui/inputs.tsx'
import { say } from '../../ui/messages.tsx'
import { SegmentLinks } from '../../ui/nav.tsx'
import { requestForms as words } from '../../words/request-forms.ts'
import { useCustomer } from '../customer/customer-context.ts'
import { SettingsForm, SettingsOf } from '../settings/settings-form.tsx'
import { FieldTable, type Line } from './field-table.tsx'
import { FormPreview } from './preview.tsx'
import { EditedQuestion } from './question-dialog.tsx'
import { Questions } from './questions.tsx'
import { readCustomerRequestForms, saveCustomerRequestForms } from './request-forms.data.ts'
import { overlaysIn, overlayValues, shownFields, type Asked, type Overlay } from './values.ts'
import './request-forms.css'

/** What one customer is asked by each form otherwise than all customers. */
export function CustomerRequestFormsPage(): JSX.Element {
  const params = useParams<{ type?: string }>()
  const { customer, mayChange } = useCustomer()
  const portal = () => `/customers/${customer().id}/portal`
  const base = () => `${portal()}/request-forms`
  return (
    <Show when={customer().id} keyed>
      {(customerId) => (
        <SettingsOf read={() => readCustomerRequestForms(customerId)}>
          {(settings, reload) => (
            <>
              <div class="block">
                <h2>{words.title}</h2>
                <SegmentLinks
                  label={words.title}
                  items={settings.items.map(({ type, title }) => ({ href: `${base()}/${type}`, label: title }))}
                />
              </div>
              <Show
                // Whether it can be filled in is settled when the form is made.
                when={settings.items
                  .filter(({ type }) => type === params.type)
                  .map((item) => ({ item, mayChange: mayChange() }))
                  .at(0)}
                keyed
                fallback={<Navigate href={`${base()}/${settings.items[0]?.type ?? ''}`} />}
              >
                {(now) => <OpenForm settings={settings} item={now.item} mayChange={now.mayChange} reload={reload} />}
              </Show>
            </>
          )}
        </SettingsOf>
      )}
    </Show>
  )
}

function OpenForm(props: {
  settings: RequestFormOverlaySettings
  item: Overlay
  mayChange: boolean
  reload: () => void
}): JSX.Element {
  const { customer } = useCustomer()
  const { settings, item } = props
  const initial = overlayValues(item)
  const [editing, setEditing] = createSignal<number | 'new'>()
  const form = createForm({
    initial,
    readOnly: !props.mayChange,
    save: async (values) => {
      await saveCustomerRequestForms(customer().id, settings, item.type, overlaysIn(settings, item.type, values))
      form.reset(values)
      say(words.saved)
      props.reload()
    },
  })
  const questions = form.field('fields')
  const ofMaster = new Set(item.master.hidden)
  const isOut = (key: string) => {
    const asked = form.values()[`hidden/${key}`] ?? ''
    return asked === '' ? ofMaster.has(key) : asked === 'out'
  }
  const choice = (key: string, label: string) => (
    <AskedChoice of={form.field(`hidden/${key}`)} label={label} isAskedOfAll={!ofMaster.has(key)} />
  )
  const helpOfAll = (key: string, asItComes: string) => item.master.helps[key] ?? asItComes
  const lines: Line[] = [
    ...item.known.map((field) => ({
      key: field.key,
      label: field.label,
      note: helpOfAll(field.key, field.help),
      isEach: field.isEach,
      asked: field.mayHide ? choice(field.key, field.label) : <span class="quiet">{words.always}</span>,
      help: form.field(`helps/${field.key}`),
    })),
    ...item.master.fields.map(({ id, label, help, isEach }) => ({
      key: id,
      label,
      note: words.yourQuestion(help),
      isEach,
      asked: choice(id, label),
      help: form.field(`helps/${id}`),
    })),
  ]
  return (
    <>
      <SettingsForm
        form={form}
        initial={initial}
        lead={
          <>
            {words.leadOfOne(customer().name)} <a href={`/settings/request-forms/${item.type}`}>{words.defaultsLink}</a>
          </>
        }
      >
        <div class="forms-grid">
          <div>
            <Questions
              of={questions}
              title={words.questionsOfOne(customer().name)}
              lead={words.questionsOfOneLead}
              onEdit={setEditing}
            />
            <FieldTable
              title={words.fieldsOfOne}
              lead={words.fieldsLead}
              asBefore={words.asForAllShort}
              lines={lines}
            />
          </div>
          <FormPreview
            title={words.previewOfOne(customer().name)}
            of={shownFields(
              item.known,
              [...item.master.fields, ...questions.value()],
              isOut,
              (key) => form.values()[`helps/${key}`]?.trim() || helpOfAll(key, ''),
            )}
          />
        </div>
      </SettingsForm>
      <EditedQuestion of={questions} place={editing()} onClose={() => setEditing(undefined)} />
    </>
  )
}

/** Asked, left out, or as all customers have it. */
function AskedChoice(props: { of: FieldOf<Asked>; label: string; isAskedOfAll: boolean }): JSX.Element {
  const options: { value: Asked; label: string }[] = [
    { value: '', label: words.asForAll(props.isAskedOfAll) },
    { value: 'asked', label: words.is.asked },
    { value: 'out', label: words.is.out },
  ]
  const chosen = (value: string) => options.find((option) => option.value === value)
  return (
    <Show when={!props.of.readOnly} fallback={chosen(props.of.value())?.label}>
      <Field id={props.of.id} label={words.askFor(props.label)} error={props.of.error()} full>
        <Select
          value={props.of.value()}
          options={options}
          onChange={(value) => {
            const known = chosen(value)
            if (known) props.of.set(known.value)
          }}
        />
      </Field>
    </Show>
  )
}
