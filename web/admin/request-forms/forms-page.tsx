import { Navigate, useParams } from '@solidjs/router'
import { createSignal, Show, type JSX } from 'solid-js'
import type { RequestFormSettings } from '../../api/shapes.ts'
import { createForm } from '../../ui/form.tsx'
import { SelectField } from '../../ui/form-inputs.tsx'
import { Checkbox } from '../../ui/inputs.tsx'
import { say } from '../../ui/messages.tsx'
import { SegmentLinks } from '../../ui/nav.tsx'
import { Panel } from '../../ui/panel.tsx'
import { requestForms as words } from '../../words/request-forms.ts'
import { SettingsForm, SettingsOf } from '../settings/settings-form.tsx'
import { useStaff } from '../staff.tsx'
import { FieldTable } from './field-table.tsx'
import { FormPreview } from './preview.tsx'
import { EditedQuestion } from './question-dialog.tsx'
import { Questions } from './questions.tsx'
import { readRequestForms, saveRequestForms } from './request-forms.data.ts'
import { mastersIn, masterValues, shownFields, type Known, type Master } from './values.ts'
import './request-forms.css'

const base = '/settings/request-forms'

/** What customers are asked by each form beside what it comes with: for all of them, unless one has it otherwise. */
export function RequestFormsPage(): JSX.Element {
  const params = useParams<{ type?: string }>()
  return (
    <SettingsOf read={readRequestForms}>
      {(settings, reload) => (
        <>
          <div class="block">
            <SegmentLinks
              label={words.title}
              items={settings.items.map(({ type, title }) => ({ href: `${base}/${type}`, label: title }))}
            />
          </div>
          <Show
            when={settings.items.find(({ type }) => type === params.type)}
            keyed
            fallback={<Navigate href={`${base}/${settings.items[0]?.type ?? ''}`} />}
          >
            {(item) => <OpenForm settings={settings} item={item} reload={reload} />}
          </Show>
        </>
      )}
    </SettingsOf>
  )
}

function OpenForm(props: { settings: RequestFormSettings; item: Master; reload: () => void }): JSX.Element {
  const staff = useStaff()
  const { settings, item } = props
  const initial = masterValues(item, settings)
  const [editing, setEditing] = createSignal<number | 'new'>()
  const form = createForm({
    initial,
    readOnly: !staff.mayManage,
    save: async (values) => {
      await saveRequestForms(settings, item.type, mastersIn(settings, item.type, values))
      form.reset(values)
      say(words.saved)
      props.reload()
    },
  })
  const questions = form.field('fields')
  const isOut = (key: string) => form.values()[`hidden/${key}`] === true
  const first = settings.categories[0]
  const asked = ({ key, label, mayHide }: Known) => (
    <Show when={mayHide} fallback={<span class="quiet">{words.always}</span>}>
      <Show when={!form.readOnly} fallback={isOut(key) ? words.is.out : words.is.asked}>
        <Checkbox
          label={
            <>
              <span aria-hidden="true">{words.isAsked}</span>
              <span class="sr">{words.askFor(label)}</span>
            </>
          }
          checked={!isOut(key)}
          onChange={(isOn) => form.field(`hidden/${key}`).set(!isOn)}
        />
      </Show>
    </Show>
  )
  return (
    <>
      <SettingsForm form={form} lead={words.lead} initial={initial}>
        <div class="forms-grid">
          <div>
            <Questions of={questions} title={words.questions} lead={words.questionsLead} onEdit={setEditing} />
            <FieldTable
              title={words.fields}
              lead={words.fieldsLead}
              asBefore={words.asItComes}
              lines={item.known.map((field) => ({
                key: field.key,
                label: field.label,
                note: field.help,
                isEach: field.isEach,
                asked: asked(field),
                help: form.field(`helps/${field.key}`),
              }))}
            />
            <Panel title={words.tickets} padded>
              <SelectField
                of={form.field('category')}
                label={words.category}
                options={[
                  { value: '', label: words.firstCategory(first?.name ?? '') },
                  ...settings.categories.map(({ id, name }) => ({ value: id, label: name })),
                ]}
              />
            </Panel>
          </div>
          <FormPreview
            title={words.preview}
            of={shownFields(item.known, questions.value(), isOut, (key) => form.values()[`helps/${key}`]?.trim() ?? '')}
          />
        </div>
      </SettingsForm>
      <EditedQuestion of={questions} place={editing()} onClose={() => setEditing(undefined)} />
    </>
  )
}
