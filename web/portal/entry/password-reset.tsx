import { Show, type JSX } from 'solid-js'
import { takesPasswords, type PortalBoot } from '../../boot.ts'
import { PasswordResetForms } from '../../session/password-reset.tsx'
import { ButtonLink } from '../../ui/button.tsx'
import { passwordReset as words } from '../../words/password-reset.ts'
import { portal } from '../../words/portal.ts'
import { EntryHelp, EntryPage } from './entry-page.tsx'

export function PasswordResetPage(props: { boot: PortalBoot }): JSX.Element {
  return (
    <EntryPage boot={props.boot} side={<EntryHelp boot={props.boot} />}>
      <Show when={takesPasswords(props.boot)} fallback={<NoPassword />}>
        <PasswordResetForms />
      </Show>
    </EntryPage>
  )
}

/** Whoever comes by an old link to a portal where nobody has a password: no mail would come. */
function NoPassword(): JSX.Element {
  return (
    <div class="stack">
      <h1>{words.noPasswordTitle}</h1>
      <p>{portal.withMicrosoft}</p>
      <div>
        <ButtonLink href="/">{words.toSignIn}</ButtonLink>
      </div>
    </div>
  )
}
