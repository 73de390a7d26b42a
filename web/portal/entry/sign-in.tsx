import type { JSX } from 'solid-js'
import type { PortalBoot } from '../../boot.ts'
import { SignInForm } from '../../session/sign-in-form.tsx'
import { portal } from '../../words/portal.ts'
import { EntryHelp, EntryPage } from './entry-page.tsx'

export function SignInPage(props: { boot: PortalBoot }): JSX.Element {
  return (
    <EntryPage boot={props.boot} side={<EntryHelp help={props.boot.help} />}>
      <h1>
        {portal.signInTo} <span class="nowrap">{props.boot.displayName}</span>
      </h1>
      <SignInForm />
    </EntryPage>
  )
}
