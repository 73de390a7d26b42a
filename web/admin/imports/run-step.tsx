import { Navigate } from '@solidjs/router'
import { Show, type JSX } from 'solid-js'
import { asProblem } from '../../api/problem.ts'
import { Progress } from '../../ui/bars.tsx'
import { Button } from '../../ui/button.tsx'
import { say } from '../../ui/messages.tsx'
import { Notice } from '../../ui/notice.tsx'
import { imports as words } from '../../words/imports.ts'
import { explain } from '../../words/problem.ts'
import { useImport } from './import-context.ts'
import { runImport, stepOf } from './imports.data.ts'

/** How far the import is; it ends at its result by itself. */
export function RunStep(): JSX.Element {
  const { imported, replace } = useImport()
  const again = async () => {
    try {
      replace(await runImport(imported().id))
    } catch (error) {
      say(explain(asProblem(error)), { mood: 'bad' })
    }
  }
  return (
    <Show
      when={imported().state === 'running'}
      fallback={<Navigate href={`/customers/imports/${imported().id}/${stepOf(imported())}`} />}
    >
      <Show
        when={imported().trouble}
        fallback={
          <section class="card import-work">
            <Progress
              what={words.run.working}
              done={imported().progress?.done ?? 0}
              of={imported().progress?.total ?? null}
              label={words.run.progressOf(imported().fileName)}
            />
            <p class="quiet small">{words.run.goesOn}</p>
          </section>
        }
      >
        {(trouble) => (
          <Notice kind="bad" end={<Button onClick={() => void again()}>{words.check.tryAgain}</Button>}>
            <b>{words.check.stopped}.</b> {trouble()}
          </Notice>
        )}
      </Show>
    </Show>
  )
}
