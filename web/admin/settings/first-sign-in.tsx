import { Show, type JSX } from 'solid-js'
import { RadioGroup } from '../../ui/inputs.tsx'
import { createForm } from '../../ui/form.tsx'
import { Facts } from '../../ui/facts.tsx'
import { say } from '../../ui/messages.tsx'
import { access } from '../../words/access.ts'
import { useStaff } from '../staff.tsx'
import { SettingsForm, SettingsOf } from './settings-form.tsx'
import { readSignInSettings, saveSignInSettings, type SignInSettings } from './settings.data.ts'

const words = access.signIn
export const policies = ['invitation', 'temporary_password', 'microsoft_only'] as const

/** How people of the portals first sign in, where a customer does not have it otherwise. */
export function FirstSignInPage(): JSX.Element {
  return (
    <SettingsOf read={readSignInSettings}>
      {(settings, reload) => <FirstSignInForm settings={settings} reload={reload} />}
    </SettingsOf>
  )
}

function FirstSignInForm(props: { settings: SignInSettings; reload: () => void }): JSX.Element {
  const staff = useStaff()
  const initial = { policy: props.settings.policy }
  const form = createForm({
    initial,
    readOnly: !staff.mayManage,
    save: async (values) => {
      await saveSignInSettings(props.settings, values.policy)
      form.reset(values)
      say(words.saved)
      props.reload()
    },
  })
  return (
    <SettingsForm form={form} lead={words.lead} initial={initial}>
      <Show
        when={!form.readOnly}
        fallback={<Facts of={[{ name: words.legend, value: words.policy[form.values().policy] }]} />}
      >
        <RadioGroup
          legend={words.legend}
          value={form.values().policy}
          options={policies.map((value) => ({ value, label: words.policy[value], help: words.help[value] }))}
          onChange={(value) => {
            const known = policies.find((policy) => policy === value)
            if (known) form.field('policy').set(known)
          }}
        />
      </Show>
    </SettingsForm>
  )
}
