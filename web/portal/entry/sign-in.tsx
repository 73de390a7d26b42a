import { createSignal, lazy, Show, Suspense, type JSX } from 'solid-js'
import { takesPasswords, type PortalBoot } from '../../boot.ts'
import { MicrosoftWay } from '../../session/microsoft.tsx'
import type { Credentials } from '../../session/session.data.ts'
import { SignInForm } from '../../session/sign-in-form.tsx'
import { microsoft } from '../../words/microsoft.ts'
import { portal } from '../../words/portal.ts'
import { EntryHelp, EntryPage } from './entry-page.tsx'

const OwnPassword = lazy(() => import('./own-password.tsx'))

export function SignInPage(props: { boot: PortalBoot }): JSX.Element {
  const [temporary, setTemporary] = createSignal<Credentials>()
  return (
    <EntryPage boot={props.boot} side={<EntryHelp boot={props.boot} />}>
      <Show
        when={temporary()}
        fallback={
          <>
            <h1>
              {portal.signInTo} <span class="nowrap">{props.boot.displayName}</span>
            </h1>
            <Show when={takesPasswords(props.boot)} fallback={<MicrosoftWay where="portal" />}>
              <MicrosoftWay where="portal" or={microsoft.orPassword} />
              <SignInForm onTemporary={setTemporary} />
            </Show>
          </>
        }
      >
        {(credentials) => (
          <Suspense>
            <OwnPassword temporary={credentials()} />
          </Suspense>
        )}
      </Show>
    </EntryPage>
  )
}
