import { Show, type JSX } from 'solid-js'
import type { Help, PortalBoot } from '../../boot.ts'
import { portal } from '../../words/portal.ts'
import { Sign } from '../sign.tsx'
import { HelpFooter, PhoneLink } from '../help.tsx'
import './entry.css'

/** The frame of every signed-out page: one form, help beside it, the largest area the brand ever takes. */
export function EntryPage(props: { boot: PortalBoot; side: JSX.Element; children: JSX.Element }): JSX.Element {
  return (
    <div class="entry">
      <div class="entry-left">
        <header>
          <Sign boot={props.boot} />
        </header>
        <main class="entry-form" id="main">
          {props.children}
        </main>
      </div>
      {props.side}
      <HelpFooter help={props.boot.help} />
    </div>
  )
}

export function EntryHelp(props: { boot: PortalBoot }): JSX.Element {
  return (
    <aside class="entry-side" aria-labelledby="entry-help">
      <h2 id="entry-help">{portal.helpWithSignIn}</h2>
      <dl>
        <div>
          <dt>{portal.firstTime}</dt>
          <dd>{portal.firstTimeText[props.boot.signIn.policy]}</dd>
        </div>
        <div>
          <dt>{portal.noInvitation}</dt>
          <dd>{portal.noInvitationText(props.boot.help.name)}</dd>
        </div>
        <div>
          <dt>{portal.lockedOut}</dt>
          <dd>
            <LockedOut help={props.boot.help} />
          </dd>
        </div>
      </dl>
    </aside>
  )
}

function LockedOut(props: { help: Help }): JSX.Element {
  return (
    <Show
      when={props.help.phone}
      fallback={
        <Show when={props.help.email} fallback={portal.lockedOutAsk(props.help.name)}>
          {(email) => (
            <>
              {portal.lockedOutWrite(props.help.name)} <a href={`mailto:${email()}`}>{email()}</a>.
            </>
          )}
        </Show>
      }
    >
      {(phone) => (
        <>
          {portal.lockedOutCall(props.help.name)} <PhoneLink number={phone()} />. {portal.lockedOutThen}
        </>
      )}
    </Show>
  )
}
