import { createSignal, For, Show, type JSX } from 'solid-js'
import { asProblem } from '../../api/problem.ts'
import { State } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { CopyButton } from '../../ui/copy.tsx'
import { Confirm } from '../../ui/dialog.tsx'
import { Facts } from '../../ui/facts.tsx'
import { createForm, PasswordField, TextField } from '../../ui/form.tsx'
import { FormDialog } from '../../ui/form-dialog.tsx'
import { Icon, more } from '../../ui/icon.tsx'
import { Menu, type MenuItem } from '../../ui/menu.tsx'
import { say } from '../../ui/messages.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Panel } from '../../ui/panel.tsx'
import { Table } from '../../ui/table.tsx'
import { common } from '../../words/common.ts'
import { number } from '../../words/format.ts'
import { microsoftSettings } from '../../words/microsoft-settings.ts'
import { explain } from '../../words/problem.ts'
import { useStaff } from '../staff.tsx'
import { createLeaving } from './leaving.ts'
import './microsoft.css'
import { OwnPanel } from './own-panel.tsx'
import { SettingsOf } from './settings-form.tsx'
import {
  dropFormerMicrosoftApp,
  dropMicrosoftApp,
  readMicrosoftSettings,
  renewFormerMicrosoftSecret,
  saveMicrosoftApp,
  tryFormerMicrosoftApp,
  tryMicrosoftApp,
  type FormerMicrosoftApp,
  type MicrosoftSettings,
  type MicrosoftTrial,
} from './settings.data.ts'

/** The app that customers see at Microsoft: the MSP's own, or the neutral one until there is one. */
export function MicrosoftSettingsPage(): JSX.Element {
  const staff = useStaff()
  return (
    <SettingsOf read={readMicrosoftSettings}>
      {(settings, reload) => (
        <div class="stack wide app-settings">
          <p class="quiet">{microsoftSettings.lead}</p>
          <Registration settings={settings} reload={reload} />
          <Show when={staff.mayManage && settings.app !== null}>
            <Trial />
          </Show>
          <Show when={hasOthers(settings)}>
            <Uses settings={settings} reload={reload} />
          </Show>
          <Steps settings={settings} />
        </div>
      )}
    </SettingsOf>
  )
}

type Props = { settings: MicrosoftSettings; reload: () => Promise<void> }

/** While every tenant uses the one app there is, a list of which uses which says nothing. */
const hasOthers = ({ app, formerApps, neutralTenantCount, removedAppTenantCount }: MicrosoftSettings): boolean =>
  formerApps.length > 0 || removedAppTenantCount > 0 || (app !== null && neutralTenantCount > 0)

function Registration(props: Props): JSX.Element {
  const staff = useStaff()
  const of = microsoftSettings.app
  const tenantCount = () => props.settings.app?.tenantCount ?? 0
  const copied = (text: string, what: string) => (
    <span class="app-copy">
      <code>{text}</code>
      <CopyButton text={text} label={of.copy(what)} />
    </span>
  )
  return (
    <OwnPanel
      words={of}
      isSet={props.settings.app !== null}
      form={(close) => (
        <AppForm
          settings={props.settings}
          onClose={close}
          onDone={() => {
            close()
            void props.reload().then(() => say(microsoftSettings.form.saved))
          }}
        />
      )}
      drop={() => dropMicrosoftApp(props.settings)}
      onDropped={async () => {
        await props.reload()
        say(of.dropped)
      }}
      dropTitle={of.dropTitle}
      dropText={
        <>
          <p>{of.dropText(tenantCount())}</p>
          <Show when={tenantCount() > 0}>
            <p>{of.dropInstead}</p>
          </Show>
        </>
      }
    >
      {({ enter, drop }) => {
        const renew = () => (staff.mayManage ? <Button onClick={enter}>{of.renew}</Button> : undefined)
        return (
          <Show when={props.settings.app} fallback={<p>{of.neutral}</p>}>
            {(app) => (
              <>
                <Show when={app().secretStanding === 'expires_soon'}>
                  <Notice kind="warn" end={renew()}>
                    <b>{of.expiresSoonTitle(app().secretExpiresOn ?? '')}</b> {of.expiresSoonText}
                  </Notice>
                </Show>
                <Show when={app().secretStanding === 'expired'}>
                  <Notice kind="bad" end={renew()}>
                    <b>{of.expiredTitle(app().secretExpiresOn ?? '')}</b> {of.expiredText}
                  </Notice>
                </Show>
                <p>{of.own}</p>
                <Facts
                  of={[
                    { name: of.clientId, value: copied(app().clientId, of.clientId) },
                    { name: of.directoryId, value: copied(app().directoryId, of.directoryId) },
                    { name: of.secret, value: <Secret app={app()} /> },
                    { name: of.usedBy, value: of.tenants(app().tenantCount) },
                  ]}
                />
                <Show when={staff.mayManage}>
                  <div class="row wrap">
                    <Button onClick={drop}>{of.drop}</Button>
                  </div>
                </Show>
              </>
            )}
          </Show>
        )
      }}
    </OwnPanel>
  )
}

function Secret(props: { app: NonNullable<MicrosoftSettings['app']> }): JSX.Element {
  const of = microsoftSettings.app
  return (
    <span class="row wrap">
      {props.app.secretExpiresOn === null ? of.secretKept : of.secretUntil(props.app.secretExpiresOn)}
      <SecretState app={props.app} />
    </span>
  )
}

/** That a secret expires soon or has expired, where the MSP said when. */
function SecretState(props: { app: Pick<FormerMicrosoftApp, 'secretStanding'> }): JSX.Element {
  const isTold = () => props.app.secretStanding === 'expires_soon' || props.app.secretStanding === 'expired'
  return (
    <Show when={isTold()}>
      <State mood={props.app.secretStanding === 'expired' ? 'bad' : 'warn'}>
        {microsoftSettings.app.standing[props.app.secretStanding]}
      </State>
    </Show>
  )
}

function AppForm(props: { settings: MicrosoftSettings; onClose: () => void; onDone: () => void }): JSX.Element {
  const of = microsoftSettings.form
  const before = props.settings.app
  const form = createForm({
    initial: {
      clientId: before?.clientId ?? '',
      directoryId: before?.directoryId ?? '',
      clientSecret: '',
      secretExpiresOn: before?.secretExpiresOn ?? '',
    },
    check: (values) => ({
      ...(values.clientId.trim() === '' && { clientId: of.enterClientId }),
      ...(values.directoryId.trim() === '' && { directoryId: of.enterDirectoryId }),
    }),
    save: async (values) => {
      await saveMicrosoftApp(props.settings, {
        clientId: values.clientId.trim(),
        directoryId: values.directoryId.trim(),
        clientSecret: values.clientSecret.trim() || null,
        secretExpiresOn: values.secretExpiresOn || null,
      })
      props.onDone()
    },
  })
  const isOther = () => before !== null && form.values().clientId.trim().toLowerCase() !== before.clientId
  return (
    <FormDialog of={form} title={of.title} verb={of.save} busyVerb={of.saving} onClose={props.onClose}>
      <TextField
        of={form.field('clientId')}
        label={microsoftSettings.app.clientId}
        help={of.clientIdHelp}
        spellcheck={false}
      />
      <Show when={isOther() && (before?.tenantCount ?? 0) > 0}>
        <Notice>{of.move(before?.tenantCount ?? 0)}</Notice>
      </Show>
      <TextField
        of={form.field('directoryId')}
        label={microsoftSettings.app.directoryId}
        help={of.directoryIdHelp}
        spellcheck={false}
      />
      <PasswordField
        of={form.field('clientSecret')}
        label={of.secret}
        autocomplete="new-password"
        help={before === null || isOther() ? of.secretHelp : `${of.secretHelp} ${of.secretKept}`}
      />
      <TextField of={form.field('secretExpiresOn')} label={of.expiresOn} type="date" help={of.expiresOnHelp} optional />
    </FormDialog>
  )
}

/** Asking Microsoft about an app, and what it said. */
const createTrial = () => {
  const [busy, setBusy] = createSignal(false)
  const [outcome, setOutcome] = createSignal<MicrosoftTrial>()
  const send = async (ask: () => Promise<MicrosoftTrial>) => {
    setBusy(true)
    setOutcome(undefined)
    try {
      setOutcome(await ask())
    } catch (error) {
      say(explain(asProblem(error)), { mood: 'bad' })
    } finally {
      setBusy(false)
    }
  }
  return { busy, outcome, send }
}

function Outcome(props: { of: MicrosoftTrial | undefined; lead?: string }): JSX.Element {
  const of = microsoftSettings.trial
  return (
    <div role="status">
      <Show when={props.of}>
        {(now) => (
          <Notice kind={now().accepted ? 'good' : 'warn'}>
            <p>
              {props.lead} {now().accepted ? of.accepted : of.refused} {now().words} {of.code(now().codes)}
            </p>
          </Notice>
        )}
      </Show>
    </div>
  )
}

function Trial(): JSX.Element {
  const of = microsoftSettings.trial
  const trial = createTrial()
  return (
    <Panel title={of.title} padded>
      <div class="stack">
        <p>{of.lead}</p>
        <div class="row wrap">
          <Button busy={trial.busy()} busyLabel={of.sending} onClick={() => void trial.send(tryMicrosoftApp)}>
            {of.send}
          </Button>
        </div>
        <Outcome of={trial.outcome()} />
      </div>
    </Panel>
  )
}

type Use = {
  id: string
  app: string
  tenantCount: number
  known?: Pick<FormerMicrosoftApp, 'secretStanding'>
  former?: FormerMicrosoftApp
}

function Uses(props: Props): JSX.Element {
  const staff = useStaff()
  const of = microsoftSettings.uses
  const [dropping, setDropping] = createSignal<FormerMicrosoftApp>()
  const [renewing, setRenewing] = createSignal<FormerMicrosoftApp>()
  const [trying, setTrying] = createSignal<FormerMicrosoftApp>()
  const trial = createTrial()
  const leaving = createLeaving(
    async () => {
      const former = dropping()
      if (former !== undefined) await dropFormerMicrosoftApp(former)
    },
    async () => {
      await props.reload()
      say(of.droppedFormer)
    },
  )
  const uses = (): Use[] => {
    const { app, formerApps, neutralTenantCount, removedAppTenantCount } = props.settings
    return [
      ...(app === null ? [] : [{ id: 'own', app: of.own, tenantCount: app.tenantCount, known: app }]),
      ...formerApps.map((former) => ({
        id: former.id,
        app: of.former(former.clientId),
        tenantCount: former.tenantCount,
        known: former,
        former,
      })),
      { id: 'neutral', app: of.neutral, tenantCount: neutralTenantCount },
      ...(removedAppTenantCount === 0 ? [] : [{ id: 'removed', app: of.removed, tenantCount: removedAppTenantCount }]),
    ]
  }
  const acts = (former: FormerMicrosoftApp): MenuItem[][] => [
    [
      { label: of.renewFormer, onSelect: () => setRenewing(former) },
      {
        label: of.tryFormer,
        onSelect: () => {
          setTrying(former)
          void trial.send(() => tryFormerMicrosoftApp(former))
        },
      },
    ],
    [
      {
        label: of.dropFormer,
        danger: true,
        onSelect: () => {
          setDropping(former)
          leaving.ask()
        },
      },
    ],
  ]
  const otherCount = () =>
    uses().reduce((sum, { tenantCount }) => sum + tenantCount, 0) -
    (props.settings.app?.tenantCount ?? props.settings.neutralTenantCount)
  return (
    <Panel title={of.title}>
      <p class="panel-body quiet">{of.lead}</p>
      <Table
        label={of.title}
        rows={uses()}
        id={(use) => use.id}
        columns={[
          { key: 'app', title: of.columns.app, phone: 'title', cell: (use) => use.app },
          {
            key: 'secret',
            title: of.columns.secret,
            phone: 'line',
            cell: (use) => <Show when={use.known}>{(app) => <SecretState app={app()} />}</Show>,
          },
          {
            key: 'tenants',
            title: of.columns.tenants,
            numeric: true,
            phone: 'line',
            cell: (use) => (
              <>
                <span class="on-phone-only">{of.columns.tenants}: </span>
                {number(use.tenantCount)}
              </>
            ),
          },
          ...(staff.mayManage && props.settings.formerApps.length > 0
            ? [
                {
                  key: 'more',
                  title: of.columns.more,
                  quiet: true,
                  numeric: true,
                  phone: 'end' as const,
                  cell: (use: Use) => (
                    <Show when={use.former}>
                      {(former) => (
                        <Menu
                          buttonClass="icon-button"
                          buttonLabel={common.more(use.app)}
                          button={<Icon of={more} />}
                          side="end"
                          groups={acts(former())}
                        />
                      )}
                    </Show>
                  ),
                },
              ]
            : []),
        ]}
      />
      <div class="app-trial">
        <Outcome of={trial.outcome()} lead={microsoftSettings.trial.ofFormer(trying()?.clientId ?? '')} />
      </div>
      <Show when={props.settings.otherTenants.length > 0}>
        <h3 class="app-others">{of.othersTitle}</h3>
        <Table
          label={of.othersTitle}
          rows={props.settings.otherTenants}
          id={(one) => one.tenantId}
          columns={[
            {
              key: 'customer',
              title: of.columnsOfOthers.customer,
              phone: 'title',
              cell: (one) => <a href={`/customers/${one.customerId}/tenants`}>{one.customerName}</a>,
            },
            { key: 'tenant', title: of.columnsOfOthers.tenant, phone: 'line', cell: (one) => one.name },
            {
              key: 'with',
              title: of.columnsOfOthers.connectedWith,
              phone: 'line',
              cell: (one) => (
                <Show when={one.connectedWith === 'removed'} fallback={of.connectedWith[one.connectedWith]}>
                  <State mood="bad">{of.connectedWith.removed}</State>
                </Show>
              ),
            },
          ]}
        />
        <Show when={otherCount() > props.settings.otherTenants.length}>
          <p class="panel-body quiet">{of.onlyFirst(props.settings.otherTenants.length)}</p>
        </Show>
      </Show>
      <Show when={renewing()}>
        {(former) => (
          <FormerSecretForm
            app={former()}
            onClose={() => setRenewing(undefined)}
            onDone={() => {
              setRenewing(undefined)
              void props.reload().then(() => say(of.renewedFormer))
            }}
          />
        )}
      </Show>
      <Confirm
        open={leaving.asking()}
        title={of.dropFormerTitle(dropping()?.clientId ?? '')}
        verb={of.dropFormer}
        busy={leaving.busy()}
        trouble={leaving.trouble()}
        onClose={leaving.close}
        onConfirm={leaving.confirm}
      >
        <p>{of.dropFormerText(dropping()?.tenantCount ?? 0)}</p>
      </Confirm>
    </Panel>
  )
}

function FormerSecretForm(props: { app: FormerMicrosoftApp; onClose: () => void; onDone: () => void }): JSX.Element {
  const of = microsoftSettings.form
  const { renewFormerTitle, renewFormerText } = microsoftSettings.uses
  const form = createForm({
    initial: { clientSecret: '', secretExpiresOn: '' },
    check: (values) => ({ ...(values.clientSecret.trim() === '' && { clientSecret: of.enterSecret }) }),
    save: async (values) => {
      await renewFormerMicrosoftSecret(props.app, {
        clientSecret: values.clientSecret.trim(),
        secretExpiresOn: values.secretExpiresOn || null,
      })
      props.onDone()
    },
  })
  return (
    <FormDialog
      of={form}
      title={renewFormerTitle(props.app.clientId)}
      verb={of.saveSecret}
      busyVerb={of.saving}
      onClose={props.onClose}
    >
      <p>{renewFormerText}</p>
      <PasswordField
        of={form.field('clientSecret')}
        label={of.secret}
        autocomplete="new-password"
        help={of.secretHelp}
      />
      <TextField of={form.field('secretExpiresOn')} label={of.expiresOn} type="date" help={of.expiresOnHelp} optional />
    </FormDialog>
  )
}

function Steps(props: { settings: MicrosoftSettings }): JSX.Element {
  const of = microsoftSettings.steps
  return (
    <Panel title={of.title} padded>
      <div class="stack">
        <p>{of.lead}</p>
        <ol class="app-steps">
          <li>{of.register}</li>
          <li>{of.audience}</li>
          <li>
            {of.redirect}
            <ul>
              <For each={props.settings.redirectUris}>
                {(uri) => (
                  <li class="app-copy">
                    <code>{uri}</code>
                    <CopyButton text={uri} label={of.copyUri(uri)} />
                  </li>
                )}
              </For>
            </ul>
          </li>
          <li>{of.claims}</li>
          <li>
            {of.permissions}
            <ul>
              <For each={props.settings.permissions}>
                {(permission) => (
                  <li>
                    <code>{permission}</code>
                  </li>
                )}
              </For>
            </ul>
          </li>
          <li>{of.secret}</li>
          <li>{of.enter}</li>
        </ol>
      </div>
    </Panel>
  )
}
