import type { JSX } from 'solid-js'
import { PasswordResetForms } from '../session/password-reset.tsx'
import './sign-in.css'

export function PasswordResetPage(): JSX.Element {
  return (
    <main class="gate roomy" id="main">
      <div class="gate-in">
        <PasswordResetForms />
      </div>
    </main>
  )
}
