import { createResource, createSignal, Show, type JSX } from 'solid-js'
import { asProblem } from '../../api/problem.ts'
import type { SignInPolicy } from '../../api/shapes.ts'
import { Button } from '../../ui/button.tsx'
import { hexOf } from '../../ui/colour-input.tsx'
import { Confirm } from '../../ui/dialog.tsx'
import { createForm, TextField } from '../../ui/form.tsx'
import { Icon, out } from '../../ui/icon.tsx'
import { say } from '../../ui/messages.tsx'
import { Block } from '../../ui/panel.tsx'
import { Bone, Loaded, Skeleton } from '../../ui/states.tsx'
import { admin } from '../../words/admin.ts'
import { explain } from '../../words/problem.ts'
import {
  brandTroubles,
  ColourFields,
  createLogoChange,
  LogoField,
  PreviewBox,
  useTones,
} from '../brand/brand-fields.tsx'
import {
  closePortal,
  readDefaults,
  readPortal,
  removePortalLogo,
  reopenPortal,
  savePortal,
  savePortalLogo,
  type Portal,
  type Brand,
} from '../brand/brand.data.ts'
import { suggestPrefix } from '../portals/suggest-prefix.ts'
import { CustomerRequestFormsBlock } from '../request-forms/customer-forms-block.tsx'
import { CustomerSelfServiceBlock } from '../self-service/customer-self-service.tsx'
import { readSignInSettings } from '../settings/settings.data.ts'
import { SettingsForm } from '../settings/settings-form.tsx'
import { useStaff } from '../staff.tsx'
import { useCustomer } from './customer-context.ts'
import { FirstSignIn } from './first-sign-in.tsx'
import { HostNames } from './host-names.tsx'

const words = admin.portal

type Start = { portal: Portal | null; defaults: Brand; defaultPolicy: SignInPolicy }

export function PortalPage(): JSX.Element {
  const { customer, mayChange } = useCustomer()
  // Whether a form can be filled in is settled when it is made: it is made anew once that changes.
  const [start, { refetch }] = createResource(
    () => customer().id,
    async (customerId): Promise<Start> => {
      const [{ portal }, defaults, { policy }] = await Promise.all([
        readPortal(customerId),
        readDefaults(),
        readSignInSettings(),
      ])
      return { portal, defaults, defaultPolicy: policy }
    },
  )
  return (
    <Loaded of={start} waiting={<Waiting />} failedTitle={words.failed} retry={() => void refetch()}>
      {(value) => (
        <Show when={{ ...value(), mayChange: mayChange() }} keyed>
          {(now) => <PortalForm start={now} reload={() => void refetch()} />}
        </Show>
      )}
    </Loaded>
  )
}

function PortalForm(props: { start: Start; reload: () => void }): JSX.Element {
  const staff = useStaff()
  const shown = useCustomer()
  const customer = shown.customer
  // Newer than what the page began with once settings were saved but a picture after them was not, or something that counts at once.
  const [savedPortal, setSavedPortal] = createSignal<Portal>()
  const portal = () => savedPortal() ?? props.start.portal
  const defaults = () => props.start.defaults
  // A portal that is saved for the first time comes with the page made anew: host names shown before would lose what is begun in them.
  const [cameAtOnce, setCameAtOnce] = createSignal(false)
  /** After what counts at once: what is filled in and not saved yet stays. */
  const readAgain = async () => {
    const now = (await readPortal(customer().id)).portal
    setSavedPortal(now ?? undefined)
    setCameAtOnce(now !== null)
  }
  const logo = createLogoChange({
    kept: () => portal()?.logo ?? null,
    below: () => defaults().logo,
    put: (saved: Portal, blob) => savePortalLogo(customer().id, saved, blob),
    remove: (saved) => removePortalLogo(customer().id, saved),
  })

  const initial = {
    prefix: props.start.portal?.prefix ?? (shown.mayChange() ? suggestPrefix(customer().name) : ''),
    displayName: props.start.portal?.displayName ?? '',
    homepage: props.start.portal?.homepage ?? '',
    primaryColour: props.start.portal?.primaryColour ?? '',
    accentColour: props.start.portal?.accentColour ?? '',
  }
  const form = createForm({
    initial,
    readOnly: !shown.mayChange(),
    check: (values) => ({
      ...(values.prefix.trim() === '' && { prefix: words.enterPrefix }),
      ...brandTroubles(values, true),
    }),
    save: async (values) => {
      const saved = await savePortal(customer().id, portal(), {
        prefix: values.prefix.trim().toLowerCase(),
        displayName: values.displayName.trim() || null,
        homepage: values.homepage.trim() || null,
        primaryColour: hexOf(values.primaryColour) ?? null,
        accentColour: hexOf(values.accentColour) ?? null,
      })
      setSavedPortal(saved)
      await logo.save(saved)
      form.reset(values)
      say(words.savedOpens(saved.host))
      shown.refresh()
      props.reload()
    },
  })
  const dirty = () => form.dirty() || logo.changeCount() > 0
  const primary = () => form.values().primaryColour || defaults().primaryColour
  const accent = () => form.values().accentColour || defaults().accentColour
  const tones = useTones(primary, accent)
  const host = () => `${form.values().prefix.trim().toLowerCase() || '…'}.${staff.boot.portalSuffix}`

  return (
    <SettingsForm
      below={
        <>
          <CustomerSelfServiceBlock />
          <CustomerRequestFormsBlock />
          <Show when={props.start.portal !== null || cameAtOnce()}>
            <HostNames />
          </Show>
        </>
      }
      form={form}
      initial={initial}
      extraChanges={logo.changeCount()}
      onDiscard={logo.discard}
      lead={
        <>
          {words.lead(customer().name)}{' '}
          <Show when={staff.mayManage}>
            <a href="/settings/portal">{words.defaultsLink}</a>
          </Show>
        </>
      }
    >
      <div class="settings-grid">
        <div>
          <Block title={words.nameAndAddress}>
            <TextField
              of={form.field('prefix')}
              label={words.prefix}
              suffix={`.${staff.boot.portalSuffix}`}
              spellcheck={false}
              help={
                <Show
                  when={portal() && form.values().prefix === portal()?.prefix}
                  fallback={`${words.willOpenAt} ${host()}. ${words.prefixHelp}`}
                >
                  <Show when={portal()?.addressState === 'active'} fallback={words.preparing}>
                    {words.opensAt}{' '}
                    <a class="with-link" href={portal()?.url} target="_blank" rel="noopener">
                      {portal()?.url}
                      <Icon of={out} />
                    </a>
                  </Show>
                </Show>
              }
            />
            <TextField
              of={form.field('displayName')}
              label={words.displayName}
              placeholder={customer().name}
              help={words.displayNameHelp}
              optional
            />
            <TextField
              of={form.field('homepage')}
              label={words.homepage}
              type="url"
              placeholder={defaults().homepage ?? ''}
              help={words.homepageHelp}
              optional
            />
          </Block>
          <LogoField of={logo} readOnly={form.readOnly} />
          <ColourFields
            primary={form.field('primaryColour')}
            accent={form.field('accentColour')}
            fallback={{ primary: defaults().primaryColour, accent: defaults().accentColour }}
            tones={tones}
            optional
          />
          <Opening portal={portal()} readAgain={readAgain} />
          <Show when={portal()}>{(known) => <FirstSignIn portal={known()} readAgain={readAgain} />}</Show>
        </div>
        <PreviewBox
          tones={tones}
          name={form.values().displayName.trim() || customer().name}
          logoUrl={logo.url()}
          host={host()}
          policy={portal()?.signInPolicy ?? props.start.defaultPolicy}
          dirty={dirty()}
        />
      </div>
    </SettingsForm>
  )
}

/** Whether people can get in at all: takes effect at once, apart from the settings above it. */
function Opening(props: { portal: Portal | null; readAgain: () => Promise<unknown> }): JSX.Element {
  const { customer, refresh, mayChange } = useCustomer()
  const [asking, setAsking] = createSignal(false)
  const [busy, setBusy] = createSignal(false)
  const [trouble, setTrouble] = createSignal<string>()
  const act = async (run: (customerId: string) => Promise<void>, done: string) => {
    setBusy(true)
    try {
      await run(customer().id)
      setAsking(false)
      say(done)
      refresh()
      await props.readAgain()
    } catch (error) {
      const text = explain(asProblem(error))
      if (asking()) setTrouble(text)
      else say(text, { mood: 'bad' })
    } finally {
      setBusy(false)
    }
  }
  return (
    <Block title={words.stateTitle}>
      <Show when={props.portal} fallback={<p class="quiet">{words.notYet}</p>}>
        {(portal) => (
          <div class="row wrap">
            <p>{portal().state === 'enabled' ? words.isOpen : words.isClosed}</p>
            <Show when={mayChange()}>
              <Show
                when={portal().state === 'enabled'}
                fallback={
                  <Button busy={busy()} onClick={() => void act(reopenPortal, words.opened)}>
                    {words.reopen}
                  </Button>
                }
              >
                <Button
                  onClick={() => {
                    setTrouble(undefined)
                    setAsking(true)
                  }}
                >
                  {words.close}
                </Button>
              </Show>
            </Show>
          </div>
        )}
      </Show>
      <Confirm
        open={asking()}
        title={words.closeTitle(customer().name)}
        verb={words.close}
        busy={busy()}
        trouble={trouble()}
        onClose={() => setAsking(false)}
        onConfirm={() => void act(closePortal, words.closed)}
      >
        <p>{words.closeText}</p>
      </Confirm>
    </Block>
  )
}

function Waiting(): JSX.Element {
  return (
    <Skeleton what={words.loading}>
      <div class="settings-grid">
        <div class="stack wide">
          <Bone shape="short" />
          <Bone shape="long tall" />
          <Bone shape="long tall" />
          <Bone shape="long tall" />
        </div>
        <Bone shape="long tall" />
      </div>
    </Skeleton>
  )
}
