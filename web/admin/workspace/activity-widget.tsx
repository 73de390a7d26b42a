import { A } from '@solidjs/router'
import { createResource, type JSX } from 'solid-js'
import { Bone, Loaded, Skeleton } from '../../ui/states.tsx'
import { activity } from '../../words/activity.ts'
import { workspace as words } from '../../words/workspace.ts'
import { listActivityOfAll } from '../activity/activity.data.ts'
import { Feed } from '../activity/feed.tsx'

/** What was done last, at any customer. */
export function ActivityWidget(): JSX.Element {
  const [page, { refetch }] = createResource(() => listActivityOfAll({ limit: 8 }))
  return (
    <Loaded
      of={page}
      waiting={
        <Skeleton what={activity.loading}>
          <div class="panel-body stack">
            <Bone shape="long" />
            <Bone shape="half" />
          </div>
        </Skeleton>
      }
      failedTitle={activity.failed}
      retry={() => void refetch()}
    >
      {(value) => (
        <>
          <Feed entries={value().items} />
          <div class="widget-foot">
            <A href="/activity">{words.activityAll}</A>
          </div>
        </>
      )}
    </Loaded>
  )
}
