import type { JSX } from 'solid-js'
import type { SelfService } from '../../api/shapes.ts'
import { createForm } from '../../ui/form.tsx'
import { say } from '../../ui/messages.tsx'
import { selfService as words } from '../../words/self-service.ts'
import { SettingsForm, SettingsOf } from '../settings/settings-form.tsx'
import { useStaff } from '../staff.tsx'
import { PolicyFields } from './policy-fields.tsx'
import { readSelfService, saveSelfService } from './self-service.data.ts'
import { standardIn, troublesIn, valuesOf } from './values.ts'

/** What people of all customers do by themselves, unless a customer has it otherwise. */
export function SelfServicePage(): JSX.Element {
  return (
    <SettingsOf read={readSelfService}>
      {(settings, reload) => <StandardForm settings={settings} reload={reload} />}
    </SettingsOf>
  )
}

function StandardForm(props: { settings: SelfService; reload: () => void }): JSX.Element {
  const staff = useStaff()
  const initial = valuesOf(props.settings)
  const form = createForm({
    initial,
    readOnly: !staff.mayManage,
    check: (values) => troublesIn(values, false),
    save: async (values) => {
      await saveSelfService(props.settings, standardIn(values, props.settings))
      form.reset(values)
      say(words.saved)
      props.reload()
    },
  })
  return (
    <SettingsForm form={form} lead={words.lead} initial={initial}>
      <PolicyFields form={form} people={props.settings.people} />
    </SettingsForm>
  )
}
