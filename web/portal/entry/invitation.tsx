import { createMemo, createResource, createSignal, Match, Show, Switch, type JSX } from 'solid-js'
import { asProblem, ProblemError } from '../../api/problem.ts'
import type { Help, PortalBoot } from '../../boot.ts'
import { invitationUnderWay } from '../../session/microsoft.data.ts'
import { MicrosoftWay } from '../../session/microsoft.tsx'
import { acceptInvitation, findInvitation, renewInvitation } from '../../session/session.data.ts'
import { createTokenHere } from '../../session/token-here.ts'
import { Button, ButtonLink } from '../../ui/button.tsx'
import { createForm, PasswordField } from '../../ui/form.tsx'
import { Notice } from '../../ui/notice.tsx'
import type { Invitation } from '../../api/shapes.ts'
import { common } from '../../words/common.ts'
import { entry } from '../../words/portal-entry.ts'
import { microsoft } from '../../words/microsoft.ts'
import { portal } from '../../words/portal.ts'
import { explain } from '../../words/problem.ts'
import { EntryHelp, EntryPage } from './entry-page.tsx'

const passwordLengthMin = 12

/** Where an invitation leads. */
export function InvitationPage(props: { boot: PortalBoot }): JSX.Element {
  const here = createTokenHere()
  const token = createMemo(() => here() ?? invitationUnderWay() ?? '')
  // As an object, since an empty text would ask for nothing.
  const [invitation, { refetch }] = createResource(
    () => ({ token: token() }),
    (asked) => findInvitation(asked.token),
  )
  const status = () => (invitation.error instanceof ProblemError ? invitation.error.status : undefined)
  const code = () => (invitation.error instanceof ProblemError ? invitation.error.code : undefined)
  return (
    <EntryPage boot={props.boot} side={<EntryHelp boot={props.boot} />}>
      <Switch
        fallback={
          <p class="quiet" role="status">
            {common.loading(portal.checkingInvitation)}
          </p>
        }
      >
        <Match when={invitation.state === 'errored' && code() === 'expired'}>
          <Expired token={token()} />
        </Match>
        <Match when={invitation.state === 'errored' && (status() === 410 || status() === 409)}>
          <DeadEnd title={portal.invitationUsedTitle} text={portal.invitationUsedText} help={props.boot.help} />
        </Match>
        <Match when={invitation.state === 'errored' && (status() === 404 || status() === 422 || status() === 400)}>
          <DeadEnd title={portal.invitationUnknownTitle} text={portal.invitationUnknownText} help={props.boot.help} />
        </Match>
        <Match when={invitation.state === 'errored'}>
          <Failed error={invitation.error} retry={() => void refetch()} />
        </Match>
        <Match when={invitation.state === 'ready' && invitation.latest}>
          {(found) => <Accept invitation={found()} token={token()} />}
        </Match>
      </Switch>
    </EntryPage>
  )
}

/** Both ways of accepting it, or the one that is taken here. */
function Accept(props: { invitation: Invitation; token: string }): JSX.Element {
  const takesPasswords = () => props.invitation.signInWith === 'password'
  return (
    <>
      <div class="stack tight">
        <h1>{portal.welcome(props.invitation.name)}</h1>
        <p class="quiet">
          {takesPasswords()
            ? microsoft.invited(props.invitation.companyName)
            : microsoft.invitedOnly(props.invitation.companyName)}
        </p>
      </div>
      <Show when={takesPasswords()} fallback={<MicrosoftWay where="portal" invitation={props.token} />}>
        <MicrosoftWay where="portal" invitation={props.token} or={microsoft.orNewPassword} />
        <ChoosePassword invitation={props.invitation} token={props.token} />
      </Show>
      <p class="quiet smaller">{portal.invitationUntil(props.invitation.expiresAt)}</p>
    </>
  )
}

function ChoosePassword(props: { invitation: Invitation; token: string }): JSX.Element {
  const form = createForm({
    initial: { password: '' },
    check: (values) =>
      [...values.password].length < passwordLengthMin ? { password: portal.tooShort([...values.password].length) } : {},
    save: async (values) => {
      await acceptInvitation(props.token, values.password)
      location.replace('/')
      await new Promise(() => undefined)
    },
    explain: (problem) => (problem.status === 410 ? portal.invitationUsedText : undefined),
  })
  return (
    <form class="stack" novalidate onSubmit={form.submit}>
      <Show when={form.trouble()}>{(text) => <Notice kind="bad">{text()}</Notice>}</Show>
      <p>
        <span class="quiet small">{portal.yourEmail}</span>
        <br />
        <b>{props.invitation.email}</b>
      </p>
      {/* Password managers store the pair only when they see both. */}
      <input
        class="sr"
        type="email"
        autocomplete="username"
        value={props.invitation.email}
        readonly
        tabindex="-1"
        aria-hidden="true"
      />
      <PasswordField
        of={form.field('password')}
        label={portal.newPassword}
        help={portal.passwordRules}
        autocomplete="new-password"
        full
      />
      <Button look="primary" type="submit" wide busy={form.busy()} busyLabel={portal.accepting}>
        {portal.accept}
      </Button>
    </form>
  )
}

/** The portal takes no passwords: whoever was invited signs in with Microsoft. */
function Expired(props: { token: string }): JSX.Element {
  const [state, setState] = createSignal<'asked' | 'busy' | 'done'>('asked')
  const [trouble, setTrouble] = createSignal<string>()
  const send = async () => {
    setState('busy')
    try {
      await renewInvitation(props.token)
      setState('done')
    } catch (error) {
      const problem = asProblem(error)
      setTrouble(problem.status === 429 ? common.tooMany(problem.retryAfterSeconds) : explain(problem))
      setState('asked')
    }
  }
  return (
    <>
      <h1>{entry.expiredTitle}</h1>
      <Show when={state() !== 'done'} fallback={<p role="status">{entry.expiredDone}</p>}>
        <p>{entry.expiredText}</p>
        <Show when={trouble()}>{(text) => <Notice kind="bad">{text()}</Notice>}</Show>
        <div>
          <Button look="primary" busy={state() === 'busy'} busyLabel={entry.expiredBusy} onClick={() => void send()}>
            {entry.expiredAct}
          </Button>
        </div>
      </Show>
      <div>
        <a href="/">{portal.toSignIn}</a>
      </div>
    </>
  )
}

function DeadEnd(props: { title: string; text: string; help: Help }): JSX.Element {
  return (
    <>
      <h1>{props.title}</h1>
      <p>{props.text}</p>
      <p class="quiet">{portal.askForAnother(props.help.name)}</p>
      <div>
        <ButtonLink href="/">{portal.toSignIn}</ButtonLink>
      </div>
    </>
  )
}

function Failed(props: { error: unknown; retry: () => void }): JSX.Element {
  return (
    <>
      <h1>{portal.invitationFailedTitle}</h1>
      <p role="alert">{props.error instanceof ProblemError ? explain(props.error) : common.failed}</p>
      <div>
        <Button onClick={() => props.retry()}>{common.tryAgain}</Button>
      </div>
    </>
  )
}
