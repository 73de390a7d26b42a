import type { JSX } from 'solid-js'
import { createForm, TextField } from '../../ui/form.tsx'
import { SelectField } from '../../ui/form-inputs.tsx'
import { say } from '../../ui/messages.tsx'
import { admin } from '../../words/admin.ts'
import { useStaff } from '../staff.tsx'
import { SettingsForm, SettingsOf } from './settings-form.tsx'
import { readOrganisation, saveOrganisation, type Organisation } from './settings.data.ts'

const words = admin.settings

export function OrganisationPage(): JSX.Element {
  return (
    <SettingsOf read={readOrganisation}>
      {(organisation, reload) => <OrganisationForm organisation={organisation} reload={reload} />}
    </SettingsOf>
  )
}

function OrganisationForm(props: { organisation: Organisation; reload: () => void }): JSX.Element {
  const staff = useStaff()
  const initial = {
    name: props.organisation.name,
    helpPhone: props.organisation.helpPhone ?? '',
    helpEmail: props.organisation.helpEmail ?? '',
    helpHours: props.organisation.helpHours ?? '',
    address: props.organisation.address ?? '',
    timeZone: props.organisation.timeZone,
    locale: props.organisation.locale,
    currency: props.organisation.currency,
  }
  const form = createForm({
    initial,
    readOnly: !staff.mayManage,
    check: (values) => ({
      ...(values.name.trim() === '' && { name: words.enterName }),
      ...(!/^[a-z]{3}$/i.test(values.currency.trim()) && { currency: words.currencyWrong }),
      ...(values.helpEmail.trim() !== '' &&
        !values.helpEmail.includes('@') && { helpEmail: admin.customers.enterEmail }),
    }),
    save: async (values) => {
      await saveOrganisation(props.organisation, {
        name: values.name.trim(),
        helpPhone: values.helpPhone.trim() || null,
        helpEmail: values.helpEmail.trim() || null,
        helpHours: values.helpHours.trim() || null,
        address: values.address.trim() || null,
        timeZone: values.timeZone,
        locale: values.locale,
        currency: values.currency.trim().toUpperCase(),
      })
      form.reset(values)
      say(words.saved)
      props.reload()
    },
  })
  return (
    <SettingsForm form={form} lead={words.orgLead} initial={initial}>
      <TextField of={form.field('name')} label={words.orgName} help={words.orgNameHelp} />
      <TextField of={form.field('helpPhone')} label={words.phone} type="tel" optional />
      <TextField of={form.field('helpEmail')} label={words.email} type="email" optional />
      <TextField of={form.field('helpHours')} label={words.hours} help={words.hoursHelp} optional />
      <TextField of={form.field('address')} label={words.address} optional />
      <SelectField
        of={form.field('timeZone')}
        label={words.timeZone}
        help={words.timeZoneHelp}
        options={zones(props.organisation.timeZone)}
      />
      <SelectField of={form.field('locale')} label={words.locale} options={locales} />
      <TextField of={form.field('currency')} label={words.currency} help={words.currencyHelp} spellcheck={false} />
    </SettingsForm>
  )
}

const locales = [
  { value: 'en-GB', label: words.locales.GB },
  { value: 'en-US', label: words.locales.US },
  { value: 'en-AU', label: words.locales.AU },
  { value: 'en-CA', label: words.locales.CA },
  { value: 'en-IE', label: words.locales.IE },
  { value: 'en-NZ', label: words.locales.NZ },
] as const

/** Every zone this browser knows, and the one that is kept, should it know it by another name. */
const zones = (kept: string) =>
  [...new Set([kept, 'UTC', ...Intl.supportedValuesOf('timeZone')])]
    .toSorted()
    .map((value) => ({ value, label: value.replaceAll('_', ' ') }))
