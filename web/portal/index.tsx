import '../ui/tokens.css'
import '../ui/base.css'
import './portal.css'
import { render } from 'solid-js/web'
import { readPortalBoot } from '../boot.ts'
import { nextTask } from '../ui/idle.ts'
import { useLocale } from '../words/format.ts'
import { SignInPage } from './entry/sign-in.tsx'
import { askForDashboard } from './home/home.data.ts'

// The signed-out page is this file and what it imports; everything behind the sign-in is loaded when it is needed.
async function start(): Promise<void> {
  const boot = readPortalBoot()
  const root = document.getElementById('app')
  if (!root) return
  useLocale(boot.locale)
  document.documentElement.lang = boot.locale

  if (location.pathname === '/invitation' && !boot.preview) {
    const { InvitationPage } = await import('./entry/invitation.tsx')
    render(() => <InvitationPage boot={boot} />, root)
  } else if (location.pathname === '/password-reset' && !boot.preview) {
    const { PasswordResetPage } = await import('./entry/password-reset.tsx')
    render(() => <PasswordResetPage boot={boot} />, root)
  } else if (boot.person) {
    const person = boot.person
    // The figures are asked for while the code that shows them is still on its way.
    if (location.pathname === '/') askForDashboard(boot.customerId)
    const coming = import('./app.tsx')
    const { App } = await coming
    await nextTask()
    render(() => <App boot={boot} person={person} />, root)
  } else {
    render(() => <SignInPage boot={boot} />, root)
  }
}

void start()
