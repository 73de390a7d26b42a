import type { JSX } from 'solid-js'
import { acceptInvitation, findInvitation } from '../session/session.data.ts'
import { SetPassword } from '../session/set-password.tsx'
import { staffWords } from '../words/staff.ts'
import './sign-in.css'

/** Where the invitation of a member of staff leads. The token stands after the #, so it never reaches a log or a referrer. */
export function InvitationPage(): JSX.Element {
  const token = new URLSearchParams(location.hash.slice(1)).get('token') ?? ''
  return (
    <main class="gate roomy" id="main">
      <div class="gate-in">
        <SetPassword
          words={staffWords.byLink}
          find={() => findInvitation(token)}
          accept={(password) => acceptInvitation(token, password)}
        />
      </div>
    </main>
  )
}
