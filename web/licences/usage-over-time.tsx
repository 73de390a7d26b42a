import { createResource, Show, type JSX } from 'solid-js'
import { Button } from '../ui/button.tsx'
import { DayChart } from '../ui/day-chart.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { Bone, Loaded, Skeleton } from '../ui/states.tsx'
import { common } from '../words/common.ts'
import { words } from '../words/licences.ts'
import type { Licence, LicenceSource, LicenceUsage } from './licences.data.ts'

/** How many seats of a licence were bought and in use, day by day. */
export function UsageOverTime(props: { licence: Licence; source: LicenceSource; onClose: () => void }): JSX.Element {
  const [usage, { refetch }] = createResource(() => props.licence.skuId, props.source.usage)
  return (
    <Dialog
      open
      title={words.usageOf(props.licence.name)}
      onClose={props.onClose}
      foot={<Button onClick={() => props.onClose()}>{common.close}</Button>}
    >
      <Loaded of={usage} waiting={<Waiting />} failedTitle={words.usageFailed} retry={() => void refetch()}>
        {(value) => <Chart usage={value()} />}
      </Loaded>
    </Dialog>
  )
}

function Chart(props: { usage: LicenceUsage }): JSX.Element {
  const days = () => props.usage.days
  const label = () => {
    const [first, last] = [days()[0], days().at(-1)]
    return first && last
      ? words.chart(props.usage.name, first.assignedCount, first.day, last.assignedCount, last.day)
      : ''
  }
  return (
    <Show
      when={days().length > 1}
      fallback={
        <Show when={days()[0]} fallback={<p>{words.usageNone}</p>}>
          {(only) => (
            <>
              <p>{words.dayValue(only().day, only().assignedCount, only().boughtCount)}</p>
              <p class="quiet small">{words.usageOne}</p>
            </>
          )}
        </Show>
      }
    >
      <DayChart
        days={days().map(({ day, assignedCount, boughtCount }) => ({
          at: day,
          first: assignedCount,
          second: boughtCount,
        }))}
        label={label()}
        firstName={words.assigned}
        secondName={words.bought}
        sliderLabel={words.chooseDay}
        says={(one) => words.dayValue(one.at, one.first, one.second ?? 0)}
      />
    </Show>
  )
}

function Waiting(): JSX.Element {
  return (
    <Skeleton what={words.usage}>
      <div class="stack">
        <Bone shape="long tall" />
        <Bone shape="long tall" />
      </div>
    </Skeleton>
  )
}
