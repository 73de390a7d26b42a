import { For, Show, type JSX } from 'solid-js'
import type { MonthlyPart } from '../../api/shapes.ts'
import { createForm } from '../../ui/form.tsx'
import { SelectField } from '../../ui/form-inputs.tsx'
import { FormDialog } from '../../ui/form-dialog.tsx'
import { Checkbox, FieldGroup, RadioGroup } from '../../ui/inputs.tsx'
import { monthlyReport as words } from '../../words/reports.ts'
import { PartsField } from './monthly-mail.tsx'
import { saveReportSettings, type ReportSettings } from './reports.data.ts'

/** What stands in the MSP's settings. */
const USUAL = 'usual'

/** Who is mailed a report each month, and what it tells. */
export function MonthlyDialog(props: {
  customerId: string
  settings: ReportSettings
  onClose: () => void
  onDone: (settings: ReportSettings) => void
}): JSX.Element {
  const usual = () => props.settings.usual
  const form = createForm({
    initial: {
      sent: sentOf(props.settings),
      day: props.settings.day === null ? USUAL : String(props.settings.day),
      hasOwnParts: props.settings.parts !== null,
      parts: props.settings.parts ?? props.settings.usual.parts,
      contactIds: props.settings.contacts.filter(({ getsReport }) => getsReport).map(({ id }) => id),
    },
    check: (values) => (values.hasOwnParts && values.parts.length === 0 ? { parts: words.choosePart } : {}),
    save: async ({ sent, day, hasOwnParts, parts, contactIds }) =>
      props.onDone(
        await saveReportSettings(props.customerId, props.settings, {
          sent: sent === USUAL ? null : sent === 'yes',
          day: day === USUAL ? null : Number(day),
          parts: hasOwnParts ? parts : null,
          contactIds,
        }),
      ),
  })
  const readers = () => props.settings.contacts.filter(({ email }) => email !== null)
  const toggled = <T,>(all: readonly T[], chosen: readonly T[], one: T, isOn: boolean): T[] =>
    all.filter((each) => (each === one ? isOn : chosen.includes(each)))
  return (
    <FormDialog of={form} title={words.dialogTitle} verb={words.save} busyVerb={words.saving} onClose={props.onClose}>
      <SelectField
        of={form.field('sent')}
        label={words.mailed}
        options={[
          { value: USUAL, label: words.asUsual(usual().sent ? words.yes : words.no) },
          { value: 'yes', label: words.yes },
          { value: 'no', label: words.no },
        ]}
      />
      <SelectField
        of={form.field('day')}
        label={words.leaves}
        options={[{ value: USUAL, label: words.asUsual(words.onThe(usual().day)) }, ...words.days]}
      />
      <RadioGroup
        legend={words.partsLegend}
        value={form.values().hasOwnParts ? 'own' : USUAL}
        options={[
          { value: USUAL, label: words.asUsual(words.listed(usual().parts)) },
          { value: 'own', label: words.ownParts },
        ]}
        onChange={(value) => form.field('hasOwnParts').set(value === 'own')}
      />
      <Show when={form.values().hasOwnParts}>
        <FieldGroup id={form.field('parts').id} legend={words.partsLegend} error={form.field('parts').error()}>
          <PartsField
            chosen={form.values().parts}
            onChange={(parts: MonthlyPart[]) => form.field('parts').set(parts)}
          />
        </FieldGroup>
      </Show>
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

const sentOf = ({ sent }: ReportSettings): string => (sent === null ? USUAL : sent ? 'yes' : 'no')
