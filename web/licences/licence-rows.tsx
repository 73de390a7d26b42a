import { createSignal, For, Show, type JSX } from 'solid-js'
import { Badge } from '../ui/badge.tsx'
import { UtilisationBar } from '../ui/bars.tsx'
import { Button } from '../ui/button.tsx'
import { common } from '../words/common.ts'
import { words } from '../words/licences.ts'
import { Holders } from './holders.tsx'
import type { Licence, LicenceSource } from './licences.data.ts'
import { UsageOverTime } from './usage-over-time.tsx'
import './licences.css'

/** Each licence with a bar, in words what is over or free, and what one can look at. */
export function LicenceRows(props: {
  items: Licence[]
  tenantNames: ReadonlyMap<string, string>
  source: LicenceSource
  seesHolders: boolean
  currency: string | null
  /** What may be done with a licence, beside looking at it. */
  act?: (licence: Licence) => JSX.Element
}): JSX.Element {
  const [shown, setShown] = createSignal<{ what: 'holders' | 'idle' | 'usage'; licence: Licence }>()
  return (
    <>
      <ul class="licences">
        <For each={props.items}>
          {(licence) => (
            <li class="licence">
              <UtilisationBar
                name={licence.name}
                used={licence.assignedCount}
                of={licence.boughtCount}
                idle={licence.idle?.days30Count ?? 0}
                label={common.seatsLabel(
                  licence.assignedCount,
                  licence.boughtCount,
                  licence.overCount,
                  licence.idle?.days30Count ?? 0,
                )}
                note={
                  licence.overCount > 0
                    ? words.overNote(licence.overCount)
                    : words.availableNote(licence.availableCount)
                }
              />
              <Facts licence={licence} currency={props.currency} hasSeveral={props.tenantNames.size > 1} />
              <div class="licence-acts">
                <Show when={props.seesHolders}>
                  <Button
                    look="plain"
                    label={words.holdersOfLabel(licence.name)}
                    onClick={() => setShown({ what: 'holders', licence })}
                  >
                    {words.holders}
                  </Button>
                </Show>
                <Show when={(licence.idle?.days30Count ?? 0) > 0}>
                  <Button
                    look="plain"
                    label={words.idleOf(licence.name)}
                    onClick={() => setShown({ what: 'idle', licence })}
                  >
                    {words.idleShow}
                  </Button>
                </Show>
                <Show when={!licence.isFree}>
                  <Button
                    look="plain"
                    label={words.usageLabel(licence.name)}
                    onClick={() => setShown({ what: 'usage', licence })}
                  >
                    {words.usage}
                  </Button>
                </Show>
                {props.act?.(licence)}
              </div>
            </li>
          )}
        </For>
      </ul>
      <Show when={shown()} keyed>
        {({ what, licence }) => (
          <Show
            when={what !== 'usage'}
            fallback={<UsageOverTime licence={licence} source={props.source} onClose={() => setShown()} />}
          >
            <Holders
              licence={licence}
              source={props.source}
              tenantNames={props.tenantNames}
              idle={what === 'idle' ? '30' : undefined}
              onClose={() => setShown()}
            />
          </Show>
        )}
      </Show>
    </>
  )
}

function Facts(props: { licence: Licence; currency: string | null; hasSeveral: boolean }): JSX.Element {
  return (
    <div class="licence-lines">
      <Show when={props.licence.isFree}>
        <Badge mood="none">{words.freeNote}</Badge>
      </Show>
      <Show when={props.licence.idle}>
        {(idle) => <Idle seats={idle()} assignedCount={props.licence.assignedCount} />}
      </Show>
      <Show when={props.licence.suspendedCount > 0}>
        <span>{words.suspendedNote(props.licence.suspendedCount)}</span>
      </Show>
      <Show when={props.currency !== null && props.licence.price}>
        {(price) => <span>{words.price(price().amountMinor, props.currency ?? '', price().per)}</span>}
      </Show>
      <Show when={props.hasSeveral}>
        <For each={props.licence.tenants}>
          {(one) => (
            <span>
              {words.inTenant(one.name, one.assignedCount, one.boughtCount)}
              <Show when={one.overCount > 0}>
                , <span class="over">{words.overIn(one.overCount)}</span>
              </Show>
            </span>
          )}
        </For>
      </Show>
    </div>
  )
}

/** How many seats nobody seems to use; nothing is said where everything is known and none is idle. */
function Idle(props: { seats: NonNullable<Licence['idle']>; assignedCount: number }): JSX.Element {
  const isAllUnknown = () => props.seats.unknownCount + props.seats.blockedCount >= props.assignedCount
  return (
    <>
      <Show when={idleWords(props.seats)}>{(says) => <span class="idle">{says()}</span>}</Show>
      <Show when={props.seats.unknownCount > 0}>
        <span>{isAllUnknown() ? words.idleAllUnknown : words.idleUnknown(props.seats.unknownCount)}</span>
      </Show>
    </>
  )
}

function idleWords({ days30Count, days60Count, days90Count, blockedCount }: NonNullable<Licence['idle']>): string {
  if (days30Count === 0) return ''
  if (days30Count === blockedCount) return words.idleBlocked(blockedCount)
  const idle = words.idle(days30Count, days60Count, days90Count)
  return blockedCount === 0 ? idle : `${idle}, ${words.idleBlockedToo(blockedCount)}`
}
