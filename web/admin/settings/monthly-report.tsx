import { Show, type JSX } from 'solid-js'
import type { MonthlyDefaults } from '../../api/shapes.ts'
import { Facts } from '../../ui/facts.tsx'
import { createForm } from '../../ui/form.tsx'
import { SelectField } from '../../ui/form-inputs.tsx'
import { Checkbox, FieldGroup } from '../../ui/inputs.tsx'
import { say } from '../../ui/messages.tsx'
import { list } from '../../words/format.ts'
import { monthlyDefaults as words, monthlyReport } from '../../words/reports.ts'
import { MonthlyMail, PartsField } from '../reports/monthly-mail.tsx'
import { previewMonthlyDefaults, readMonthlyDefaults, saveMonthlyDefaults } from '../reports/reports.data.ts'
import { useStaff } from '../staff.tsx'
import { SettingsForm, SettingsOf } from './settings-form.tsx'

/** How monthly reports are mailed where a customer does not have it otherwise. */
export function MonthlyReportPage(): JSX.Element {
  return (
    <SettingsOf read={readMonthlyDefaults}>
      {(settings, reload) => <MonthlyReportForm settings={settings} reload={reload} />}
    </SettingsOf>
  )
}

function MonthlyReportForm(props: { settings: MonthlyDefaults; reload: () => void }): JSX.Element {
  const staff = useStaff()
  const initial = { sent: props.settings.sent, parts: props.settings.parts, day: String(props.settings.day) }
  const form = createForm({
    initial,
    readOnly: !staff.mayManage,
    check: (values) => (values.parts.length === 0 ? { parts: monthlyReport.choosePart } : {}),
    save: async (values) => {
      await saveMonthlyDefaults(props.settings, { ...values, day: Number(values.day) })
      form.reset(values)
      say(monthlyReport.saved)
      props.reload()
    },
  })
  return (
    <SettingsForm form={form} lead={words.lead} initial={initial}>
      <div class="settings-grid">
        <div class="stack">
          <Show when={!form.readOnly} fallback={<Facts of={factsOf(props.settings)} />}>
            <Checkbox
              label={words.sent}
              help={words.sentHelp}
              checked={form.values().sent}
              onChange={(isOn) => form.field('sent').set(isOn)}
            />
            <SelectField of={form.field('day')} label={words.day} help={words.dayHelp} options={monthlyReport.days} />
            <FieldGroup
              id={form.field('parts').id}
              legend={monthlyReport.partsLegend}
              error={form.field('parts').error()}
            >
              <PartsField chosen={form.values().parts} onChange={(parts) => form.field('parts').set(parts)} />
            </FieldGroup>
          </Show>
        </div>
        <MonthlyMail read={previewMonthlyDefaults} parts={form.values().parts} />
      </div>
    </SettingsForm>
  )
}

const factsOf = ({ sent, day, parts }: MonthlyDefaults) => [
  { name: words.sent, value: sent ? monthlyReport.yes : monthlyReport.no },
  { name: words.day, value: monthlyReport.onThe(day) },
  { name: monthlyReport.partsLegend, value: list(parts.map((part) => monthlyReport.part[part])) },
]
