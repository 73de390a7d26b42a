import { Show, type JSX } from 'solid-js'
import type { PortalPerson } from '../../boot.ts'
import { MicrosoftAccount } from '../../session/microsoft-link.tsx'
import { PasswordForm } from '../../session/password-form.tsx'
import { Sessions } from '../../session/sessions.tsx'
import { TicketMails } from '../../session/ticket-mails.tsx'
import { ButtonLink } from '../../ui/button.tsx'
import { lock } from '../../ui/icon.tsx'
import { Empty } from '../../ui/states.tsx'
import { account } from '../../words/account.ts'
import { ticketMails } from '../../words/bell.ts'
import { microsoft } from '../../words/microsoft.ts'
import './account.css'

export function PasswordPage(props: { person: PortalPerson; takesPasswords: boolean }): JSX.Element {
  return (
    <Show when={props.takesPasswords} fallback={<NoPassword />}>
      <div class="greet">
        <h1>{account.passwordTitle}</h1>
        <p class="quiet">{account.passwordLead}</p>
      </div>
      <div class="card account">
        <div class="card-body">
          <PasswordForm email={props.person.email} />
        </div>
      </div>
    </Show>
  )
}

/** Whoever comes by address to a portal where nobody has a password. */
function NoPassword(): JSX.Element {
  return (
    <div class="card">
      <Empty
        alone
        icon={lock}
        title={account.noPasswordTitle}
        act={<ButtonLink href="/account/microsoft">{microsoft.title}</ButtonLink>}
      >
        {account.noPasswordText}
      </Empty>
    </div>
  )
}

export function SessionsPage(): JSX.Element {
  return (
    <>
      <div class="greet">
        <h1>{account.sessionsTitle}</h1>
        <p class="quiet">{account.sessionsLead}</p>
      </div>
      <div class="card account">
        <Sessions />
      </div>
    </>
  )
}

export function TicketMailsPage(): JSX.Element {
  return (
    <>
      <div class="greet">
        <h1>{ticketMails.title}</h1>
        <p class="quiet">{ticketMails.lead}</p>
      </div>
      <div class="card account">
        <div class="card-body">
          <TicketMails of="contact" />
        </div>
      </div>
    </>
  )
}

export function MicrosoftPage(): JSX.Element {
  return (
    <>
      <div class="greet">
        <h1>{microsoft.title}</h1>
        <p class="quiet">{microsoft.lead}</p>
      </div>
      <div class="card account">
        <div class="card-body">
          <MicrosoftAccount />
        </div>
      </div>
    </>
  )
}
