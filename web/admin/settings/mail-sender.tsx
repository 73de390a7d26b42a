import { createSignal, onMount, Show, type JSX } from 'solid-js'
import { asProblem } from '../../api/problem.ts'
import { State } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { createForm, PasswordField, TextField } from '../../ui/form.tsx'
import { FormDialog } from '../../ui/form-dialog.tsx'
import { SelectField } from '../../ui/form-inputs.tsx'
import { say } from '../../ui/messages.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Panel } from '../../ui/panel.tsx'
import { admin } from '../../words/admin.ts'
import { mailSettings } from '../../words/mail-settings.ts'
import { explain } from '../../words/problem.ts'
import { useStaff } from '../staff.tsx'
import { SettingsForm, SettingsOf } from './settings-form.tsx'
import { OwnPanel } from './own-panel.tsx'
import {
  dropMailAddress,
  dropMailServer,
  nameMailAddress,
  readMailSender,
  saveMailSender,
  saveMailServer,
  tryMail,
  verifyMailAddress,
  type MailSender,
  type MailTrial,
} from './settings.data.ts'

const words = admin.settings

export function MailSenderPage(): JSX.Element {
  return <SettingsOf read={readMailSender}>{(sender) => <MailSenderForm start={sender} />}</SettingsOf>
}

type Props = { sender: MailSender; reload: () => Promise<void> }

function MailSenderForm(props: { start: MailSender }): JSX.Element {
  const staff = useStaff()
  const [sender, setSender] = createSignal(props.start)
  /** After what counts at once, too: what is filled in and not saved yet stays. */
  const reload = async () => void setSender(await readMailSender())
  const initial = { fromName: props.start.fromName, replyTo: props.start.replyTo ?? '' }
  const form = createForm({
    initial,
    readOnly: !staff.mayManage,
    check: (values) => ({
      ...(values.fromName.trim() === '' && { fromName: words.enterName }),
      ...(values.replyTo.trim() !== '' && !values.replyTo.includes('@') && { replyTo: admin.customers.enterEmail }),
    }),
    save: async (values) => {
      await saveMailSender(sender(), { fromName: values.fromName.trim(), replyTo: values.replyTo.trim() || null })
      form.reset(values)
      await reload()
      say(words.saved)
    },
  })
  return (
    <SettingsForm
      form={form}
      lead={words.mailLead}
      initial={initial}
      below={
        <div class="narrow stack wide">
          <FromAddress sender={sender()} reload={reload} />
          <Server sender={sender()} reload={reload} />
          <Trial />
        </div>
      }
    >
      <TextField of={form.field('fromName')} label={words.fromName} help={words.fromNameHelp} />
      <TextField of={form.field('replyTo')} label={words.replyTo} type="email" help={words.replyToHelp} optional />
    </SettingsForm>
  )
}

function FromAddress(props: Props): JSX.Element {
  const staff = useStaff()
  const of = mailSettings.address
  // The link that was mailed leads here, with its secret behind the #, where no server's log sees it.
  onMount(() => {
    const token = /^#token=([\w-]+)$/.exec(location.hash)?.[1]
    if (token === undefined) return
    history.replaceState(history.state, '', location.pathname)
    void verifyMailAddress(token).then(
      async () => {
        await props.reload()
        say(of.confirmed)
      },
      (error: unknown) => say(explain(asProblem(error)), { mood: 'bad' }),
    )
  })
  const send = async (address: string) => {
    try {
      await nameMailAddress(props.sender, address)
      await props.reload()
      say(of.sent(address))
    } catch (error) {
      say(explain(asProblem(error)), { mood: 'bad' })
    }
  }
  return (
    <OwnPanel
      words={of}
      isSet={props.sender.address !== null}
      form={(close) => (
        <Naming
          sender={props.sender}
          onClose={close}
          onDone={(address) => {
            close()
            void props.reload().then(() => say(of.sent(address)))
          }}
        />
      )}
      drop={() => dropMailAddress(props.sender)}
      onDropped={async () => {
        const { neutralAddress } = props.sender
        await props.reload()
        say(of.dropped(neutralAddress))
      }}
      dropTitle={of.dropTitle(props.sender.address?.address ?? '')}
      dropText={<p>{of.dropText(props.sender.neutralAddress)}</p>}
    >
      {({ drop }) => (
        <>
          <p>
            {of.lead(props.sender.fromAddress)}{' '}
            <Show when={props.sender.fromAddress === props.sender.neutralAddress}>{of.neutral}</Show>
          </p>
          <Show when={props.sender.address}>
            {(own) => (
              <>
                <p class="row wrap">
                  <strong>{own().address}</strong>
                  <State mood={own().verifiedAt === null ? 'info' : 'good'}>
                    {own().verifiedAt === null ? of.unverified : of.verified}
                  </State>
                </p>
                <Show when={own().verifiedAt === null}>
                  <p class="quiet">
                    {Date.parse(own().expiresAt) > Date.now()
                      ? of.waiting(own().address, own().expiresAt)
                      : of.tooLate(own().address)}
                  </p>
                </Show>
                <Show when={staff.mayManage}>
                  <div class="row wrap">
                    <Show when={own().verifiedAt === null}>
                      <Button onClick={() => void send(own().address)}>{of.again}</Button>
                    </Show>
                    <Button onClick={drop}>{of.drop}</Button>
                  </div>
                </Show>
              </>
            )}
          </Show>
        </>
      )}
    </OwnPanel>
  )
}

function Naming(props: { sender: MailSender; onClose: () => void; onDone: (address: string) => void }): JSX.Element {
  const of = mailSettings.address
  const form = createForm({
    initial: { address: props.sender.address?.address ?? '' },
    check: (values) => (values.address.includes('@') ? {} : { address: of.enter }),
    save: async (values) => {
      await nameMailAddress(props.sender, values.address.trim())
      props.onDone(values.address.trim().toLowerCase())
    },
  })
  return (
    <FormDialog of={form} title={of.dialogTitle} verb={of.send} busyVerb={of.sending} onClose={props.onClose}>
      <p>{of.dialogText}</p>
      <TextField of={form.field('address')} label={of.field} type="email" help={of.fieldHelp} />
    </FormDialog>
  )
}

function Server(props: Props): JSX.Element {
  const staff = useStaff()
  const of = mailSettings.server
  return (
    <OwnPanel
      words={of}
      isSet={props.sender.server !== null}
      form={(close) => (
        <ServerForm
          sender={props.sender}
          onClose={close}
          onDone={() => {
            close()
            void props.reload().then(() => say(of.saved))
          }}
        />
      )}
      drop={() => dropMailServer(props.sender)}
      onDropped={async () => {
        await props.reload()
        say(of.dropped)
      }}
      dropTitle={of.dropTitle(props.sender.server?.host ?? '')}
      dropText={<p>{of.dropText}</p>}
    >
      {({ drop }) => (
        <Show when={props.sender.server} fallback={<p>{of.neutral}</p>}>
          {(own) => (
            <>
              <p>{of.own(own().host, own().port, own().userName)}</p>
              <p class="quiet">
                {of.encrypted(of.securities[own().security])} {of.warning}
              </p>
              <Show when={staff.mayManage}>
                <div class="row wrap">
                  <Button onClick={drop}>{of.drop}</Button>
                </div>
              </Show>
            </>
          )}
        </Show>
      )}
    </OwnPanel>
  )
}

function ServerForm(props: { sender: MailSender; onClose: () => void; onDone: () => void }): JSX.Element {
  const of = mailSettings.server
  const before = props.sender.server
  const form = createForm({
    initial: {
      host: before?.host ?? '',
      port: String(before?.port ?? 587),
      security: before?.security ?? 'starttls',
      userName: before?.userName ?? '',
      password: '',
    },
    check: (values) => ({
      ...(values.host.trim() === '' && { host: of.enterHost }),
      ...(!/^\d{1,5}$/.test(values.port.trim()) && { port: of.enterPort }),
    }),
    save: async (values) => {
      await saveMailServer(props.sender, {
        host: values.host.trim(),
        port: Number(values.port.trim()),
        security: values.security,
        userName: values.userName.trim() || null,
        password: values.password || null,
      })
      props.onDone()
    },
  })
  return (
    <FormDialog of={form} title={of.dialogTitle} verb={of.save} busyVerb={of.saving} onClose={props.onClose}>
      <TextField of={form.field('host')} label={of.host} help={of.hostHelp} spellcheck={false} />
      <TextField of={form.field('port')} label={of.port} help={of.portHelp} />
      <SelectField
        of={form.field('security')}
        label={of.security}
        options={props.sender.securities.map((value) => ({ value, label: of.securities[value] }))}
      />
      <TextField of={form.field('userName')} label={of.user} spellcheck={false} optional />
      <PasswordField
        of={form.field('password')}
        label={of.password}
        autocomplete="new-password"
        help={before?.hasPassword === true ? `${of.passwordHelp} ${of.passwordKept}` : of.passwordHelp}
      />
    </FormDialog>
  )
}

function Trial(): JSX.Element {
  const staff = useStaff()
  const of = mailSettings.trial
  const [busy, setBusy] = createSignal(false)
  const [outcome, setOutcome] = createSignal<MailTrial>()
  const send = async () => {
    setBusy(true)
    setOutcome(undefined)
    try {
      setOutcome(await tryMail())
    } catch (error) {
      say(explain(asProblem(error)), { mood: 'bad' })
    } finally {
      setBusy(false)
    }
  }
  return (
    <Show when={staff.mayManage}>
      <Panel title={of.title} padded>
        <div class="stack">
          <p>{of.lead(staff.person.email)}</p>
          <div class="row wrap">
            <Button busy={busy()} busyLabel={of.sending} onClick={() => void send()}>
              {of.send}
            </Button>
          </div>
          <div role="status">
            <Show when={outcome()}>
              {(now) => (
                <Notice kind={now().delivered ? 'good' : 'warn'}>
                  <p>
                    {now().delivered ? of.delivered(now().to, now().from) : of.failed} {now().words}
                  </p>
                </Notice>
              )}
            </Show>
          </div>
        </div>
      </Panel>
    </Show>
  )
}
