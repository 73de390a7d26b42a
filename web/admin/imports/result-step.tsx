import { Navigate, useSearchParams } from '@solidjs/router'
import { createSignal, Match, Show, Switch, type JSX } from 'solid-js'
import { asProblem } from '../../api/problem.ts'
import { Progress } from '../../ui/bars.tsx'
import { Button, ButtonLink } from '../../ui/button.tsx'
import { Confirm } from '../../ui/dialog.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Segments } from '../../ui/states.tsx'
import { imports as words } from '../../words/imports.ts'
import { explain } from '../../words/problem.ts'
import { useImport } from './import-context.ts'
import { stepOf, undoImport, type ImportDecision } from './imports.data.ts'
import { Rows, type RowFilter } from './rows.tsx'

const texts = words.result
const decisions = ['create', 'update', 'unchanged', 'skip', 'error'] as const
type Filter = ImportDecision | 'all' | 'left'
const isFilter = (text: unknown): text is Filter => text === 'left' || decisions.some((decision) => decision === text)

/** What the import did, and the way back for seven days. */
export function ResultStep(): JSX.Element {
  const { imported } = useImport()
  const [params, setParams] = useSearchParams<{ show?: string }>()
  const counts = () => imported().counts
  const shown = (): Filter => (isFilter(params.show) ? params.show : 'all')
  const filter = (): RowFilter => {
    const asked = shown()
    return asked === 'all' ? {} : asked === 'left' ? { undoing: 'left' } : { decision: asked }
  }
  const options = () => [
    { value: 'all' as const, label: words.check.all(imported().rowCount ?? 0) },
    ...decisions.map((value) => ({ value, label: `${texts.tabs[value]} ${counts()[value]}` })),
    ...(imported().undoLeftCount > 0 ? [{ value: 'left' as const, label: texts.left(imported().undoLeftCount) }] : []),
  ]
  return (
    <Switch fallback={<Navigate href={`/customers/imports/${imported().id}/${stepOf(imported())}`} />}>
      <Match when={stepOf(imported()) === 'result'}>
        <div class="stack">
          <Verdict />
          <Show when={imported().state !== 'undoing'}>
            <div class="import-tabs">
              <Segments
                label={words.check.filter}
                value={shown()}
                options={options()}
                onChange={(next) => setParams({ show: next === 'all' ? undefined : next })}
              />
            </div>
            <Rows filter={filter()} said={texts.decision} editable={false} />
          </Show>
        </div>
      </Match>
    </Switch>
  )
}

function Verdict(): JSX.Element {
  const { imported, replace } = useImport()
  const [asking, setAsking] = createSignal(false)
  const [busy, setBusy] = createSignal(false)
  const [trouble, setTrouble] = createSignal<string>()
  const counts = () => imported().counts
  const undoable = () => {
    const until = imported().undoableUntil
    return until !== null && Date.now() <= new Date(until).getTime() && counts().create + counts().update > 0
  }
  const undo = async () => {
    setBusy(true)
    setTrouble(undefined)
    try {
      replace(await undoImport(imported().id))
      setAsking(false)
    } catch (error) {
      setTrouble(explain(asProblem(error)))
    } finally {
      setBusy(false)
    }
  }
  return (
    <Switch>
      <Match when={imported().state === 'undoing'}>
        <Show
          when={imported().trouble}
          fallback={
            <section class="card import-work">
              <Progress
                what={texts.undoing}
                done={imported().progress?.done ?? 0}
                of={imported().progress?.total ?? null}
                label={texts.undoProgressOf(imported().fileName)}
              />
              <p class="quiet small">{words.check.goesOn}</p>
            </section>
          }
        >
          {(stopped) => (
            <Notice kind="bad" end={<Button onClick={() => void undo()}>{words.check.tryAgain}</Button>}>
              <b>{words.check.stopped}.</b> {stopped()}
            </Notice>
          )}
        </Show>
      </Match>
      <Match when={imported().state === 'undone' && imported().undoneAt}>
        {(at) => (
          <Notice kind={imported().undoLeftCount > 0 ? 'warn' : 'good'}>
            {texts.undone(at(), imported().undoLeftCount, imported().undoGoneCount)}
          </Notice>
        )}
      </Match>
      <Match when={imported().state === 'done'}>
        <div class="import-verdict">
          <div>
            <p role="status">
              <b>{texts.done(counts().create, counts().update)}</b>
            </p>
            <p class="quiet small">
              <Show when={imported().finishedAt}>{(at) => texts.ranAt(at(), imported().createdBy)}</Show>{' '}
              <Show when={imported().undoableUntil}>
                {(until) => (undoable() ? texts.undoUntil(until()) : texts.tooLate)}
              </Show>
            </p>
          </div>
          <div class="row wrap">
            <Show when={undoable()}>
              <Button onClick={() => setAsking(true)}>{texts.undo}</Button>
            </Show>
            <ButtonLink look="primary" href="/customers">
              {texts.toCustomers}
            </ButtonLink>
          </div>
        </div>
        <Confirm
          open={asking()}
          title={texts.undoTitle(imported().fileName)}
          verb={texts.undoVerb}
          busy={busy()}
          trouble={trouble()}
          onConfirm={() => void undo()}
          onClose={() => setAsking(false)}
        >
          <p>{texts.undoText(counts().create, counts().update)}</p>
        </Confirm>
      </Match>
    </Switch>
  )
}
