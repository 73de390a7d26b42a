import { createSignal, Show, type JSX } from 'solid-js'
import { PasswordForm } from '../../session/password-form.tsx'
import { MicrosoftAccount } from '../../session/microsoft-link.tsx'
import { Sessions } from '../../session/sessions.tsx'
import { TicketMails } from '../../session/ticket-mails.tsx'
import { Facts } from '../../ui/facts.tsx'
import { Panel } from '../../ui/panel.tsx'
import { account } from '../../words/account.ts'
import { admin } from '../../words/admin.ts'
import { ticketMails } from '../../words/bell.ts'
import { microsoft } from '../../words/microsoft.ts'
import { profile } from '../../words/profile.ts'
import { twoStep } from '../../words/two-step.ts'
import { useStaff } from '../staff.tsx'
import { useTitle } from '../title.ts'
import { OwnTwoStep } from '../two-step/own-two-step.tsx'
import './profile.css'

/** One's own page: who one is here, password, sessions. */
export function ProfilePage(): JSX.Element {
  const staff = useStaff()
  useTitle(() => profile.title)
  // The list is read anew once others were signed out by a new password.
  const [changed, setChanged] = createSignal(1)
  return (
    <>
      <div class="head top">
        <h1>{profile.title}</h1>
      </div>
      <div class="stack wide profile">
        <Panel title={profile.you} padded>
          <Facts
            of={[
              { name: profile.name, value: staff.person.name },
              { name: profile.email, value: staff.person.email },
              { name: profile.role, value: admin.role[staff.person.role] },
            ]}
          />
        </Panel>
        <div id="ticket-mails">
          <Panel title={ticketMails.title} padded>
            <div class="stack">
              <p class="quiet">{ticketMails.lead}</p>
              <TicketMails of="staff" />
            </div>
          </Panel>
        </div>
        <div id="password">
          <Panel title={account.passwordTitle} padded>
            <div class="stack">
              <p class="quiet">{account.passwordLead}</p>
              <PasswordForm email={staff.person.email} onChanged={() => setChanged(changed() + 1)} />
            </div>
          </Panel>
        </div>
        <div id="two-step">
          <Panel title={twoStep.title} padded>
            <OwnTwoStep />
          </Panel>
        </div>
        <div id="microsoft">
          <Panel title={microsoft.title} padded>
            <div class="stack">
              <p class="quiet">{microsoft.lead}</p>
              <MicrosoftAccount />
            </div>
          </Panel>
        </div>
        <div id="sessions">
          <Panel title={account.sessionsTitle}>
            <p class="quiet profile-lead">{account.sessionsLead}</p>
            <Show when={changed()} keyed>
              <Sessions />
            </Show>
          </Panel>
        </div>
      </div>
    </>
  )
}
