import { Show, type JSX } from 'solid-js'
import { Button } from '../../ui/button.tsx'
import { Choice } from '../../ui/choice.tsx'
import { Chip } from '../../ui/nav.tsx'
import { admin } from '../../words/admin.ts'
import { healthLevels, isFiltered, portalStates, type CustomerAddress, type CustomerQuery } from './customers.data.ts'

const words = admin.customers

/** What the list lets through; all of it stands in the address. */
export function Filters(props: { query: CustomerQuery; look: (set: CustomerAddress) => void }): JSX.Element {
  return (
    <>
      <Chip
        on={props.query.problems !== undefined}
        onToggle={() => props.look({ problems: props.query.problems ? undefined : 'true' })}
      >
        {words.problems}
      </Chip>
      <Choice
        title={words.health}
        any={words.anyHealth}
        value={props.query.health}
        options={healthLevels.map((level) => ({ value: level, label: admin.health.level[level] }))}
        onChoose={(health) => props.look({ health })}
      />
      <Choice
        title={words.portal}
        any={words.anyPortal}
        value={props.query.portal}
        options={portalStates.map((state) => ({ value: state, label: words.portalState[state] }))}
        onChoose={(portal) => props.look({ portal })}
      />
      <Chip
        on={props.query.state === 'archived'}
        onToggle={() => props.look({ state: props.query.state === 'archived' ? undefined : 'archived' })}
      >
        {words.archived}
      </Chip>
      <Show when={isFiltered(props.query)}>
        <Button
          look="ghost"
          onClick={() => props.look({ health: undefined, problems: undefined, portal: undefined, state: undefined })}
        >
          {words.clearFilters}
        </Button>
      </Show>
    </>
  )
}
