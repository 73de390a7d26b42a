import type { JSX } from 'solid-js'
import type { PortalBoot } from '../../boot.ts'
import { PasswordResetForms } from '../../session/password-reset.tsx'
import { EntryHelp, EntryPage } from './entry-page.tsx'

export function PasswordResetPage(props: { boot: PortalBoot }): JSX.Element {
  return (
    <EntryPage boot={props.boot} side={<EntryHelp help={props.boot.help} />}>
      <PasswordResetForms />
    </EntryPage>
  )
}
