import { For, Show, type JSX } from 'solid-js'
import { createForm } from '../../ui/form.tsx'
import { FormDialog } from '../../ui/form-dialog.tsx'
import { Checkbox, FieldGroup } from '../../ui/inputs.tsx'
import { monthlyReport as words } from '../../words/reports.ts'
import { saveReportSettings, type ReportSettings } from './reports.data.ts'

type Part = ReportSettings['parts'][number]
const parts = Object.keys(words.part) as Part[]

/** Whether the portal gives reports; who is mailed one each month, and what it tells. */
export function MonthlyDialog(props: {
  customerId: string
  settings: ReportSettings
  onClose: () => void
  onDone: (settings: ReportSettings) => void
}): JSX.Element {
  const form = createForm({
    initial: {
      shown: props.settings.shown,
      parts: props.settings.parts,
      contactIds: props.settings.contacts.filter(({ getsReport }) => getsReport).map(({ id }) => id),
    },
    check: (values) => (values.parts.length === 0 ? { parts: words.choosePart } : {}),
    save: async (values) => props.onDone(await saveReportSettings(props.customerId, props.settings, values)),
  })
  const readers = () => props.settings.contacts.filter(({ email }) => email !== null)
  const toggled = <T,>(all: readonly T[], chosen: readonly T[], one: T, isOn: boolean): T[] =>
    all.filter((each) => (each === one ? isOn : chosen.includes(each)))
  return (
    <FormDialog of={form} title={words.dialogTitle} verb={words.save} busyVerb={words.saving} onClose={props.onClose}>
      <Checkbox
        label={words.shownLabel}
        checked={form.values().shown}
        onChange={(isOn) => form.field('shown').set(isOn)}
      />
      <FieldGroup legend={words.partsLegend} error={form.field('parts').error()}>
        <div class="stack tight">
          <For each={parts}>
            {(part) => (
              <Checkbox
                label={words.part[part]}
                checked={form.values().parts.includes(part)}
                onChange={(isOn) => form.field('parts').set(toggled(parts, form.values().parts, part, isOn))}
              />
            )}
          </For>
        </div>
      </FieldGroup>
      <FieldGroup legend={words.contactsLegend} help={words.contactsHelp}>
        <Show when={readers().length > 0} fallback={<p class="quiet">{words.noContacts}</p>}>
          <div class="stack tight">
            <For each={readers()}>
              {(contact) => (
                <Checkbox
                  label={contact.access === 'active' ? contact.name : `${contact.name} (${words.withoutAccess})`}
                  checked={form.values().contactIds.includes(contact.id)}
                  onChange={(isOn) =>
                    form.field('contactIds').set(
                      toggled(
                        readers().map(({ id }) => id),
                        form.values().contactIds,
                        contact.id,
                        isOn,
                      ),
                    )
                  }
                />
              )}
            </For>
          </div>
        </Show>
      </FieldGroup>
    </FormDialog>
  )
}
