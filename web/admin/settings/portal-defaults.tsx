import { createSignal, type JSX } from 'solid-js'
import type { SignInPolicy } from '../../api/shapes.ts'
import { hexOf } from '../../ui/colour-input.tsx'
import { createForm, TextField } from '../../ui/form.tsx'
import { say } from '../../ui/messages.tsx'
import { admin } from '../../words/admin.ts'
import {
  brandTroubles,
  ColourFields,
  createLogoChange,
  LogoField,
  PreviewBox,
  useTones,
} from '../brand/brand-fields.tsx'
import { readDefaults, removeDefaultLogo, saveDefaultLogo, saveDefaults, type Brand } from '../brand/brand.data.ts'
import { useStaff } from '../staff.tsx'
import { readSignInSettings } from './settings.data.ts'
import { SettingsForm, SettingsOf } from './settings-form.tsx'

const words = admin.settings

export function PortalDefaultsPage(): JSX.Element {
  return (
    <SettingsOf read={() => Promise.all([readDefaults(), readSignInSettings()])}>
      {([defaults, { policy }], reload) => <DefaultsForm defaults={defaults} policy={policy} reload={reload} />}
    </SettingsOf>
  )
}

function DefaultsForm(props: { defaults: Brand; policy: SignInPolicy; reload: () => void }): JSX.Element {
  const staff = useStaff()
  // Newer than what the page began with once settings were saved but a picture after them was not.
  const [savedDefaults, setSavedDefaults] = createSignal<Brand>()
  const logo = createLogoChange({
    kept: () => (savedDefaults() ?? props.defaults).logo,
    below: () => null,
    put: saveDefaultLogo,
    remove: removeDefaultLogo,
  })
  const initial = {
    homepage: props.defaults.homepage ?? '',
    primaryColour: props.defaults.primaryColour,
    accentColour: props.defaults.accentColour,
  }
  const form = createForm({
    initial,
    readOnly: !staff.mayManage,
    check: (values) => brandTroubles(values, false),
    save: async (values) => {
      const saved = await saveDefaults(savedDefaults() ?? props.defaults, {
        homepage: values.homepage.trim() || null,
        primaryColour: hexOf(values.primaryColour) ?? props.defaults.primaryColour,
        accentColour: hexOf(values.accentColour) ?? props.defaults.accentColour,
      })
      setSavedDefaults(saved)
      await logo.save(saved)
      form.reset(values)
      say(words.saved)
      props.reload()
    },
  })
  const tones = useTones(
    () => form.values().primaryColour,
    () => form.values().accentColour,
  )
  return (
    <SettingsForm
      form={form}
      lead={words.portalLead}
      initial={initial}
      extraChanges={logo.changeCount()}
      onDiscard={logo.discard}
    >
      <div class="settings-grid">
        <div>
          <div class="block">
            <TextField
              of={form.field('homepage')}
              label={admin.portal.homepage}
              type="url"
              help={admin.portal.homepageHelp}
              optional
            />
          </div>
          <LogoField of={logo} readOnly={form.readOnly} />
          <ColourFields
            primary={form.field('primaryColour')}
            accent={form.field('accentColour')}
            fallback={{ primary: props.defaults.primaryColour, accent: props.defaults.accentColour }}
            tones={tones}
          />
        </div>
        <PreviewBox
          tones={tones}
          name={staff.boot.msp?.name ?? ''}
          logoUrl={logo.url()}
          host={`….${staff.boot.portalSuffix}`}
          policy={props.policy}
          dirty={form.dirty() || logo.changeCount() > 0}
        />
      </div>
    </SettingsForm>
  )
}
