import '../ui/tokens.css'
import '../ui/base.css'
import { render } from 'solid-js/web'
import { readAdminBoot } from '../boot.ts'
import { nextTask } from '../ui/idle.ts'
import { useLocale } from '../words/format.ts'
import { askForCustomers, customerQueryOf } from './customers/customers.data.ts'
import { readPages } from './later.ts'
import { SignInPage } from './sign-in.tsx'

async function start(): Promise<void> {
  const boot = readAdminBoot()
  const root = document.getElementById('app')
  if (!root) return
  useLocale(navigator.language.startsWith('en') ? navigator.language : 'en-GB')
  if (location.pathname === '/password-reset') {
    const { PasswordResetPage } = await import('./password-reset.tsx')
    render(() => <PasswordResetPage />, root)
  } else if (location.pathname === '/sign-up') {
    const { SignUpPage } = await import('./sign-up.tsx')
    render(() => <SignUpPage boot={boot} />, root)
  } else if (location.pathname === '/invitation') {
    const { InvitationPage } = await import('./invitation.tsx')
    render(() => <InvitationPage />, root)
  } else if (boot.person?.mustSetUpTwoStep) {
    const { TwoStepFirst } = await import('./two-step/first.tsx')
    render(() => <TwoStepFirst mspName={boot.msp?.name ?? ''} />, root)
  } else if (boot.person) {
    const person = boot.person
    // The list is asked for while the code that shows it is still on its way.
    const isList = location.pathname === '/' || location.pathname === '/customers'
    if (isList) askForCustomers(customerQueryOf(Object.fromEntries(new URLSearchParams(location.search))))
    const coming = import('./app.tsx')
    if (!isList) void readPages()
    await nextTask()
    const { App } = await coming
    await nextTask()
    render(() => <App boot={boot} person={person} />, root)
  } else {
    render(() => <SignInPage boot={boot} />, root)
  }
}

void start()
