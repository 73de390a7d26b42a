import { createMemo, createResource, For, Show, type JSX } from 'solid-js'
import type { TenantOfDirectory } from '../api/shapes.ts'
import { Button } from '../ui/button.tsx'
import { Card } from '../ui/card.tsx'
import { createLaterPages } from '../ui/later-pages.ts'
import { Bone, Loaded, Skeleton } from '../ui/states.tsx'
import { health as words } from '../words/health.ts'
import type { HealthSource } from './health.data.ts'
import { Issue } from './issue.tsx'

/** What befell Microsoft's services in the last year, the newest first. */
export function History(props: {
  from: HealthSource
  asked: { tenantId?: string }
  tenants: readonly TenantOfDirectory[]
}): JSX.Element {
  const query = createMemo(() => ({ ...props.asked, limit: 20 }))
  const [list, { refetch }] = createResource(query, (asked) => props.from.issues(asked))
  const later = createLaterPages(
    () => JSON.stringify(query()),
    (cursor) => props.from.issues({ ...query(), cursor }),
  )
  return (
    <Card class="health-history" topic={words.history} answer={words.historyAnswer}>
      <Loaded
        of={list}
        waiting={
          <Skeleton what={words.loadingHistory}>
            <div class="stack">
              <Bone shape="long" />
              <Bone shape="long" />
              <Bone shape="half" />
            </div>
          </Skeleton>
        }
        failedTitle={words.historyFailed}
        retry={() => void refetch()}
      >
        {(first) => (
          <>
            <Show when={later.rows(first()).length > 0} fallback={<p class="quiet small">{words.noHistory}</p>}>
              <ul class="lines">
                <For each={later.rows(first())}>{(issue) => <Issue of={issue} tenants={props.tenants} />}</For>
              </ul>
            </Show>
            <Show when={later.cursor(first())}>
              {(cursor) => (
                <div>
                  <Button busy={later.busy()} onClick={() => void later.more(cursor())}>
                    {words.more}
                  </Button>
                </div>
              )}
            </Show>
          </>
        )}
      </Loaded>
    </Card>
  )
}
