import '../ui/tokens.css'
import '../ui/base.css'
import { render } from 'solid-js/web'
import { readAdminBoot } from '../boot.ts'
import { useLocale } from '../words/format.ts'
import { SignInPage } from './sign-in.tsx'

async function start(): Promise<void> {
  const boot = readAdminBoot()
  const root = document.getElementById('app')
  if (!root) return
  useLocale(navigator.language.startsWith('en') ? navigator.language : 'en-GB')
  if (boot.person) {
    const person = boot.person
    const { App } = await import('./app.tsx')
    render(() => <App boot={boot} person={person} />, root)
  } else {
    render(() => <SignInPage boot={boot} />, root)
  }
}

void start()
