import { Show, type JSX } from 'solid-js'
import type { AdminBoot } from '../boot.ts'
import { MicrosoftWay } from '../session/microsoft.tsx'
import { SignInForm } from '../session/sign-in-form.tsx'
import { microsoft } from '../words/microsoft.ts'
import { admin } from '../words/admin.ts'
import { signUp } from '../words/sign-up.ts'
import './sign-in.css'

export function SignInPage(props: { boot: AdminBoot }): JSX.Element {
  return (
    <main class="gate roomy" id="main">
      <div class="gate-in">
        <h1>{props.boot.msp ? admin.signInTitle(props.boot.msp.name) : admin.signInTitlePlain}</h1>
        <MicrosoftWay where="admin" or={microsoft.orPassword} />
        <SignInForm />
        <p class="quiet small">{admin.signInHelp}</p>
        <Show when={props.boot.signUp !== 'closed'}>
          <p class="small">
            <a href="/sign-up">{signUp.offer}</a>
          </p>
        </Show>
      </div>
    </main>
  )
}
