import { Navigate, useLocation, useNavigate, useParams, type RouteSectionProps } from '@solidjs/router'
import { createEffect, createResource, createSignal, on, onCleanup, Show, Suspense, type JSX } from 'solid-js'
import { asProblem } from '../../api/problem.ts'
import { Button, ButtonLink } from '../../ui/button.tsx'
import { Confirm } from '../../ui/dialog.tsx'
import { say } from '../../ui/messages.tsx'
import { Crumbs } from '../../ui/nav.tsx'
import { Loaded } from '../../ui/states.tsx'
import { admin } from '../../words/admin.ts'
import { imports as words } from '../../words/imports.ts'
import { explain } from '../../words/problem.ts'
import { useTitle } from '../title.ts'
import { ImportContext, useImport } from './import-context.ts'
import { discardImport, readImport, stepOf, type CustomerImport } from './imports.data.ts'
import { Waiting } from './imports-page.tsx'
import { Steps, type Step } from './steps.tsx'
import './imports.css'

const pollMs = 1_000
const isAtWork = ({ state, trouble }: CustomerImport) =>
  trouble === null && (state === 'checking' || state === 'running' || state === 'undoing')

/** The frame of one import: its file, the steps, and the one that the address names. */
export function ImportPage(props: RouteSectionProps): JSX.Element {
  const params = useParams<{ importId: string }>()
  const [imported, { refetch, mutate }] = createResource(() => params.importId, readImport)
  useTitle(() => (imported.state === 'ready' ? `${imported.latest.fileName} · ${words.title}` : words.title))
  createEffect(
    on(
      () => imported.state !== 'errored' && imported.latest !== undefined && isAtWork(imported.latest),
      (working) => {
        if (!working) return
        // Nobody looks at a page that is hidden; it asks again when it is shown.
        const look = () => document.visibilityState === 'visible' && void refetch()
        const timer = setInterval(look, pollMs)
        document.addEventListener('visibilitychange', look)
        onCleanup(() => {
          clearInterval(timer)
          document.removeEventListener('visibilitychange', look)
        })
      },
    ),
  )
  return (
    <Loaded
      of={imported}
      waiting={<Waiting what={words.loadingOne} />}
      failedTitle={words.failedOne}
      retry={() => void refetch()}
      elsewhere={<ButtonLink href="/customers/imports">{words.toImports}</ButtonLink>}
    >
      {(value) => (
        <ImportContext.Provider
          value={{ imported: value, replace: (next) => mutate(next), refresh: () => void refetch() }}
        >
          <Frame>
            <Suspense>{props.children}</Suspense>
          </Frame>
        </ImportContext.Provider>
      )}
    </Loaded>
  )
}

/** To the step that the import stands at. */
export function ToItsStep(): JSX.Element {
  const { imported } = useImport()
  return <Navigate href={`/customers/imports/${imported().id}/${stepOf(imported())}`} />
}

const isStep = (text: string): text is Step => ['columns', 'check', 'run', 'result'].includes(text)

function Frame(props: { children: JSX.Element }): JSX.Element {
  const { imported } = useImport()
  const location = useLocation()
  const at = (): Step => {
    const last = location.pathname.split('/').at(-1) ?? ''
    return isStep(last) ? last : stepOf(imported())
  }
  const href = (step: Step): string | undefined => {
    const base = `/customers/imports/${imported().id}`
    const stands = stepOf(imported())
    switch (step) {
      case 'file':
        return '/customers/imports'
      case 'columns':
        return ['uploaded', 'checked', 'failed'].includes(imported().state) ? `${base}/columns` : undefined
      case 'check':
        return stands === 'check' ? `${base}/check` : undefined
      case 'run':
        return stands === 'run' ? `${base}/run` : undefined
      case 'result':
        return stands === 'result' ? `${base}/result` : undefined
    }
  }
  return (
    <>
      <Crumbs
        label={admin.breadcrumb}
        path={[
          { href: '/customers', label: admin.customers.title },
          { href: '/customers/imports', label: words.title },
        ]}
        here={imported().fileName}
      />
      <div class="head">
        <h1 dir="auto">{imported().fileName}</h1>
        <div class="head-acts">
          <Discard />
        </div>
      </div>
      <Steps at={at()} href={href} />
      {props.children}
    </>
  )
}

function Discard(): JSX.Element {
  const { imported } = useImport()
  const navigate = useNavigate()
  const [asking, setAsking] = createSignal(false)
  const [busy, setBusy] = createSignal(false)
  const [trouble, setTrouble] = createSignal<string>()
  const discard = async () => {
    setBusy(true)
    try {
      await discardImport(imported().id)
      say(words.discarded(imported().fileName))
      navigate('/customers/imports')
    } catch (error) {
      setTrouble(explain(asProblem(error)))
    } finally {
      setBusy(false)
    }
  }
  return (
    <Show when={['waiting', 'uploaded', 'checked', 'failed'].includes(imported().state)}>
      <Button look="ghost" onClick={() => setAsking(true)}>
        {words.discard}
      </Button>
      <Confirm
        open={asking()}
        title={words.discardTitle(imported().fileName)}
        verb={words.discard}
        busy={busy()}
        trouble={trouble()}
        onConfirm={() => void discard()}
        onClose={() => setAsking(false)}
      >
        <p>{words.discardText}</p>
      </Confirm>
    </Show>
  )
}
