import { createResource, createSignal, lazy, Match, Show, Suspense, Switch, type JSX } from 'solid-js'
import { ProblemError } from '../api/problem.ts'
import { Button, ButtonLink } from '../ui/button.tsx'
import { createForm, PasswordField } from '../ui/form.tsx'
import { Notice } from '../ui/notice.tsx'
import { account } from '../words/account.ts'
import { common } from '../words/common.ts'
import { explain } from '../words/problem.ts'
import { KnownUser } from './known-user.tsx'

const lengthMin = 12
const CodeForm = lazy(() => import('./code-form.tsx'))

/** What a link says of whose password it sets. */
export type Link = { name: string; email: string; companyName: string; expiresAt: string }

export type LinkWords = {
  title: (link: Link) => string
  signsInAs: string
  verb: string
  busyVerb: string
  until: (at: string) => string
  loading: string
  usedTitle: string
  usedText: string
  unknownTitle: string
  unknownText: string
  toSignIn: string
  failedTitle: string
}

/** Where a mailed link leads that sets a password and signs in; says in words when it no longer does. */
export function SetPassword<L extends Link>(props: {
  words: LinkWords
  find: () => Promise<L>
  accept: (password: string) => Promise<string | undefined | void>
  /** What is said of the link before the address. */
  about?: (link: L) => JSX.Element
  /** What else one can do when the link is of no use. */
  otherwise?: JSX.Element
}): JSX.Element {
  const [link, { refetch }] = createResource(() => props.find())
  const status = () => (link.error instanceof ProblemError ? link.error.status : undefined)
  const deadEnd = (title: string, text: string) => (
    <>
      <h1>{title}</h1>
      <p>{text}</p>
      <div class="row wrap">
        {props.otherwise}
        <ButtonLink href="/">{props.words.toSignIn}</ButtonLink>
      </div>
    </>
  )
  return (
    <Switch
      fallback={
        <p class="quiet" role="status">
          {common.loading(props.words.loading)}
        </p>
      }
    >
      <Match when={link.state === 'errored' && status() === 410}>
        {deadEnd(props.words.usedTitle, props.words.usedText)}
      </Match>
      <Match when={link.state === 'errored' && (status() === 404 || status() === 422 || status() === 400)}>
        {deadEnd(props.words.unknownTitle, props.words.unknownText)}
      </Match>
      <Match when={link.state === 'errored'}>
        <h1>{props.words.failedTitle}</h1>
        <p role="alert">{link.error instanceof ProblemError ? explain(link.error) : common.failed}</p>
        <div>
          <Button onClick={() => void refetch()}>{common.tryAgain}</Button>
        </div>
      </Match>
      <Match when={link.state === 'ready' && link.latest}>
        {(found) => <SetForm words={props.words} link={found()} accept={props.accept} about={props.about?.(found())} />}
      </Match>
    </Switch>
  )
}

function SetForm(props: {
  words: LinkWords
  link: Link
  accept: (password: string) => Promise<string | undefined | void>
  about?: JSX.Element
}): JSX.Element {
  const [held, setHeld] = createSignal<string>()
  const form = createForm({
    initial: { password: '' },
    check: (values) =>
      [...values.password].length < lengthMin ? { password: account.tooShort([...values.password].length) } : {},
    save: async (values) => {
      const token = await props.accept(values.password)
      if (typeof token === 'string') {
        setHeld(token)
        return
      }
      location.replace('/')
      await new Promise(() => undefined)
    },
    explain: (problem) => (problem.status === 410 ? props.words.usedText : undefined),
  })
  const choosing = () => (
    <>
      <h1>{props.words.title(props.link)}</h1>
      <form class="stack" novalidate onSubmit={form.submit}>
        <Show when={form.trouble()}>{(text) => <Notice kind="bad">{text()}</Notice>}</Show>
        {props.about}
        <p>
          <span class="quiet small">{props.words.signsInAs}</span>
          <br />
          <b>{props.link.email}</b>
        </p>
        <KnownUser email={props.link.email} />
        <PasswordField
          of={form.field('password')}
          label={account.next}
          help={account.rules}
          autocomplete="new-password"
          full
        />
        <Button look="primary" type="submit" wide busy={form.busy()} busyLabel={props.words.busyVerb}>
          {props.words.verb}
        </Button>
        <p class="quiet smaller">{props.words.until(props.link.expiresAt)}</p>
      </form>
    </>
  )
  return (
    <Show when={held()} fallback={choosing()}>
      {(token) => (
        <>
          <h1>{props.words.title(props.link)}</h1>
          <Suspense>
            <CodeForm token={token()} onDone={() => location.replace('/')} />
          </Suspense>
        </>
      )}
    </Show>
  )
}
