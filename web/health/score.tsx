import { For, Show, type JSX } from 'solid-js'
import type { Security, SecurityScore } from '../api/shapes.ts'
import { Card } from '../ui/card.tsx'
import { DayChart } from '../ui/day-chart.tsx'
import { AsOf } from '../ui/time.tsx'
import { percent } from '../words/format.ts'
import { health as words } from '../words/health.ts'
import { words as home } from '../words/portal-home.ts'
import { isUnknown, NotTold } from './not-told.tsx'

const share = (value: number) => percent(value / 100)

/** The score, how it went, what others reach; of several tenants each by itself, too. */
export function Score(props: { security: Security; scoreLine: string }): JSX.Element {
  const unknown = () => isUnknown(props.security.notTold, 'score')
  return (
    <Card
      topic={words.score}
      answer={
        <Show when={props.security.score} fallback={unknown() ? words.notKnown : words.noScore}>
          {(score) => words.scoreAnswer(score().percent, score().comparison)}
        </Show>
      }
      asOf={<AsOf at={props.security.score?.asOf ?? null} source={words.microsoft} />}
    >
      <Show when={props.security.score}>
        {(score) => (
          <>
            <Chart score={score()} scoreLine={props.scoreLine} />
            <Show when={score().tenants.length > 1}>
              <Apart score={score()} security={props.security} />
            </Show>
          </>
        )}
      </Show>
      <NotTold
        of={props.security.notTold}
        part="score"
        tenants={props.security.tenants}
        older={props.security.score?.tenants.map(({ tenantId }) => tenantId) ?? []}
      />
    </Card>
  )
}

function Chart(props: { score: SecurityScore; scoreLine: string }): JSX.Element {
  const label = () => {
    const [first, last] = [props.score.days[0], props.score.days.at(-1)]
    return first && last
      ? home.scoreTrend(Math.round(first.percent), first.day, Math.round(last.percent), last.day)
      : ''
  }
  return (
    <Show when={props.score.days.length > 1} fallback={<p class="quiet small">{words.scoreOneDay}</p>}>
      <DayChart
        days={props.score.days.map(({ day, percent: first, comparison }) => ({ at: day, first, second: comparison }))}
        label={label()}
        firstName={props.scoreLine}
        secondName={words.peerLine}
        sliderLabel={words.chooseDay}
        show={share}
        says={(one) => words.scoreDay(one.at, one.first, one.second)}
      />
    </Show>
  )
}

function Apart(props: { score: SecurityScore; security: Security }): JSX.Element {
  const nameOf = (tenantId: string) => props.security.tenants.find(({ id }) => id === tenantId)?.name ?? ''
  return (
    <section>
      <h3 class="health-part">{words.apart}</h3>
      <ul class="lines">
        <For each={props.score.tenants}>
          {(tenant) => (
            <li class="line">
              <span class="name">{nameOf(tenant.tenantId)}</span>
              <span>{share(tenant.percent)}</span>
              <span class="sub">
                {words.points(tenant.current, tenant.max)} · <AsOf at={tenant.asOf} />
              </span>
            </li>
          )}
        </For>
      </ul>
    </section>
  )
}
