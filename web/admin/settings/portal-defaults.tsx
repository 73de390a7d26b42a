import { createSignal, type JSX } from 'solid-js'
import { asProblem } from '../../api/problem.ts'
import { hexOf } from '../../ui/colour-input.tsx'
import { createForm, TextField } from '../../ui/form.tsx'
import { say } from '../../ui/messages.tsx'
import { admin } from '../../words/admin.ts'
import { explain } from '../../words/problem.ts'
import {
  ColourFields,
  colourTrouble,
  homepageTrouble,
  LogoField,
  PreviewBox,
  useTones,
  type PendingLogo,
} from '../brand/brand-fields.tsx'
import { readDefaults, removeDefaultLogo, saveDefaultLogo, saveDefaults, type Brand } from '../brand/brand.data.ts'
import { useStaff } from '../staff.tsx'
import { SettingsForm, SettingsOf } from './settings-form.tsx'

const words = admin.settings

export function PortalDefaultsPage(): JSX.Element {
  return (
    <SettingsOf read={readDefaults}>
      {(defaults, reload) => <DefaultsForm defaults={defaults} reload={reload} />}
    </SettingsOf>
  )
}

function DefaultsForm(props: { defaults: Brand; reload: () => void }): JSX.Element {
  const staff = useStaff()
  // Newer than what the page began with once settings were saved but a picture after them was not.
  const [savedDefaults, setSavedDefaults] = createSignal<Brand>()
  const [logo, setLogo] = createSignal<PendingLogo>({ kind: 'keep' })
  const [logoError, setLogoError] = createSignal<string>()
  const initial = {
    homepage: props.defaults.homepage ?? '',
    primaryColour: props.defaults.primaryColour,
    accentColour: props.defaults.accentColour,
  }
  const form = createForm({
    initial,
    check: (values) => {
      const homepage = homepageTrouble(values.homepage)
      const primaryColour = colourTrouble(values.primaryColour, false)
      const accentColour = colourTrouble(values.accentColour, false)
      return {
        ...(homepage && { homepage }),
        ...(primaryColour && { primaryColour }),
        ...(accentColour && { accentColour }),
      }
    },
    save: async (values) => {
      const saved = await saveDefaults(savedDefaults() ?? props.defaults, {
        homepage: values.homepage.trim() || null,
        primaryColour: hexOf(values.primaryColour) ?? props.defaults.primaryColour,
        accentColour: hexOf(values.accentColour) ?? props.defaults.accentColour,
      })
      setSavedDefaults(saved)
      const pending = logo()
      try {
        if (pending.kind === 'set') await saveDefaultLogo(saved, pending.picture.blob)
        if (pending.kind === 'remove') await removeDefaultLogo(saved)
      } catch (error) {
        setLogoError(explain(asProblem(error)))
        throw error
      }
      setLogo({ kind: 'keep' })
      form.reset(values)
      say(words.saved)
      props.reload()
    },
  })
  const tones = useTones(
    () => form.values().primaryColour,
    () => form.values().accentColour,
  )
  const pendingChanges = () => (logo().kind === 'keep' ? 0 : 1)
  const logoUrl = () => {
    const pending = logo()
    return pending.kind === 'set'
      ? pending.picture.url
      : pending.kind === 'remove'
        ? null
        : (props.defaults.logo?.url ?? null)
  }
  return (
    <SettingsForm
      form={form}
      lead={words.portalLead}
      initial={initial}
      extraChanges={pendingChanges()}
      onDiscard={() => {
        setLogo({ kind: 'keep' })
        setLogoError(undefined)
      }}
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
          <LogoField kept={props.defaults.logo} pending={logo()} error={logoError()} onChange={setLogo} />
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
          logoUrl={logoUrl()}
          host={`….${staff.boot.portalSuffix}`}
          dirty={form.dirty() || pendingChanges() > 0}
        />
      </div>
    </SettingsForm>
  )
}
