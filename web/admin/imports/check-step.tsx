import { Navigate, useNavigate, useSearchParams } from '@solidjs/router'
import { createSignal, Match, Show, Switch, type JSX } from 'solid-js'
import { asProblem } from '../../api/problem.ts'
import { Progress } from '../../ui/bars.tsx'
import { Button, ButtonLink } from '../../ui/button.tsx'
import { download } from '../../ui/icon.tsx'
import { say } from '../../ui/messages.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Segments } from '../../ui/states.tsx'
import { imports as words } from '../../words/imports.ts'
import { explain } from '../../words/problem.ts'
import { useImport } from './import-context.ts'
import { badRowsHref, chooseColumns, recheckImport, runImport, stepOf, type ImportDecision } from './imports.data.ts'
import { Rows } from './rows.tsx'

const texts = words.check
const decisions = ['create', 'update', 'unchanged', 'skip', 'error'] as const
const isDecision = (text: unknown): text is ImportDecision => decisions.some((decision) => decision === text)

/** What the import would do, row by row, before it does anything. */
export function CheckStep(): JSX.Element {
  const { imported, replace } = useImport()
  const base = () => `/customers/imports/${imported().id}`
  const again = async () => {
    try {
      replace(
        imported().isRecheck
          ? await recheckImport(imported().id)
          : await chooseColumns(
              imported().id,
              imported().columns.map(({ field }) => field),
            ),
      )
    } catch (error) {
      say(explain(asProblem(error)), { mood: 'bad' })
    }
  }
  return (
    <Switch fallback={<Navigate href={`${base()}/${stepOf(imported())}`} />}>
      <Match when={imported().state === 'checking'}>
        <Show
          when={imported().trouble}
          fallback={
            <section class="card import-work">
              <Progress
                what={texts.working}
                done={imported().progress?.done ?? 0}
                of={imported().progress?.total ?? null}
                label={texts.progressOf(imported().fileName)}
              />
              <p class="quiet small">{texts.goesOn}</p>
            </section>
          }
        >
          {(trouble) => (
            <Notice kind="bad" end={<Button onClick={() => void again()}>{texts.tryAgain}</Button>}>
              <b>{texts.stopped}.</b> {trouble()}
            </Notice>
          )}
        </Show>
      </Match>
      <Match when={imported().state === 'failed'}>
        <Notice kind="bad" end={<ButtonLink href="/customers/imports">{words.result.another}</ButtonLink>}>
          <b>{texts.unreadable}.</b> {imported().trouble}
        </Notice>
      </Match>
      <Match when={imported().state === 'checked'}>
        <Checked />
      </Match>
    </Switch>
  )
}

function Checked(): JSX.Element {
  const { imported, replace } = useImport()
  const navigate = useNavigate()
  const [params, setParams] = useSearchParams<{ show?: string }>()
  const [busy, setBusy] = createSignal(false)
  const counts = () => imported().counts
  const total = () => counts().create + counts().update
  const decision = (): ImportDecision | 'all' => (isDecision(params.show) ? params.show : 'all')
  const again = async () => {
    try {
      replace(await recheckImport(imported().id))
    } catch (error) {
      say(explain(asProblem(error)), { mood: 'bad' })
    }
  }
  const begin = async () => {
    setBusy(true)
    try {
      replace(await runImport(imported().id))
      navigate(`/customers/imports/${imported().id}/run`)
    } catch (error) {
      say(explain(asProblem(error)), { mood: 'bad' })
    } finally {
      setBusy(false)
    }
  }
  return (
    <div class="stack">
      <div class="import-verdict">
        <p role="status">{total() === 0 ? texts.nothing : texts.willDo(counts().create, counts().update)}</p>
        <div class="row wrap">
          <ButtonLink look="ghost" href={`/customers/imports/${imported().id}/columns`}>
            {texts.other}
          </ButtonLink>
          <Button look="ghost" onClick={() => void again()}>
            {texts.again}
          </Button>
          <Show when={total() > 0}>
            <Button look="primary" busy={busy()} busyLabel={texts.beginning} onClick={() => void begin()}>
              {texts.begin(total())}
            </Button>
          </Show>
        </div>
      </div>
      <Show when={counts().error > 0}>
        <Notice
          kind="warn"
          end={
            <span class="row wrap">
              <Show when={decision() !== 'error'}>
                <Button onClick={() => setParams({ show: 'error' })}>{texts.showErrors}</Button>
              </Show>
              <ButtonLink icon={download} href={badRowsHref(imported().id)} download>
                {texts.bad}
              </ButtonLink>
            </span>
          }
        >
          {texts.errors(counts().error)}
        </Notice>
      </Show>
      <div class="import-tabs">
        <Segments
          label={texts.filter}
          value={decision()}
          options={[
            { value: 'all', label: texts.all(imported().rowCount ?? 0) },
            ...decisions.map((value) => ({ value, label: texts.tab(value, counts()[value]) })),
          ]}
          onChange={(next) => setParams({ show: next === 'all' ? undefined : next })}
        />
      </div>
      <Rows filter={filterOf(decision())} said={texts.decision} editable />
    </div>
  )
}

const filterOf = (decision: ImportDecision | 'all') => (decision === 'all' ? {} : { decision })
