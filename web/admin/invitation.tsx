import { Show, type JSX } from 'solid-js'
import { acceptInvitation, findInvitation } from '../session/session.data.ts'
import { SetPassword } from '../session/set-password.tsx'
import { createTokenHere } from '../session/token-here.ts'
import { staffWords } from '../words/staff.ts'
import './sign-in.css'

/** Where the invitation of a member of staff leads. */
export function InvitationPage(): JSX.Element {
  const token = createTokenHere()
  return (
    <main class="gate roomy" id="main">
      <div class="gate-in">
        <Show when={{ token: token() ?? '' }} keyed>
          {(link) => (
            <SetPassword
              words={staffWords.byLink}
              find={() => findInvitation(link.token)}
              accept={(password) => acceptInvitation(link.token, password)}
            />
          )}
        </Show>
      </div>
    </main>
  )
}
