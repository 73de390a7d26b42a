import type { JSX } from 'solid-js'
import { signOut } from '../../session/session.data.ts'
import { Button } from '../../ui/button.tsx'
import { Messages, say } from '../../ui/messages.tsx'
import { admin } from '../../words/admin.ts'
import { twoStep as words } from '../../words/two-step.ts'
import SetUp from './set-up.tsx'
import '../sign-in.css'

/** What comes before anything else for whom two-step verification is required of and who has none yet. */
export function TwoStepFirst(props: { mspName: string }): JSX.Element {
  const leave = () => {
    signOut().then(
      () => location.assign('/'),
      () => say(admin.signOutFailed, { mood: 'bad' }),
    )
  }
  return (
    <>
      <main class="gate roomy" id="main">
        <div class="gate-in">
          <div class="stack tight">
            <h1>{words.firstTitle}</h1>
            <p class="quiet">{words.firstText(props.mspName)}</p>
          </div>
          <SetUp doneLabel={words.kept} onDone={() => location.assign('/')} />
          <div>
            <Button look="ghost" onClick={leave}>
              {words.signOut}
            </Button>
          </div>
        </div>
      </main>
      <Messages />
    </>
  )
}
