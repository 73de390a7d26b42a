import { describe, expect, it } from 'vitest'
import { isReachable, lifeDeeds, stepOf } from './portal-life.ts'
import type { LifeDeed, PortalLife } from './portal-life.ts'

type State = `${PortalLife['customer']} ${PortalLife['portal']}`

/** An archived customer of these comes back active, unless the table says otherwise. */
const lifeOf = (state: State): PortalLife => {
  const [customer, portal] = state.split(' ') as [PortalLife['customer'], PortalLife['portal']]
  return { customer, portal, restoresTo: 'active' }
}

/** What each deed makes of each state: the next one, `=` where nothing changes, or why it is refused. */
const table: Record<State, Record<LifeDeed, string>> = {
  'active none': {
    enable_portal: 'active enabled, creates the portal',
    disable_portal: 'refused: no_portal',
    enable: '=',
    disable: 'disabled none',
    archive: 'archived none',
    restore: '=',
  },
  'active enabled': {
    enable_portal: '=',
    disable_portal: 'active disabled, ends sessions',
    enable: '=',
    disable: 'disabled enabled, ends sessions',
    archive: 'archived enabled, ends sessions',
    restore: '=',
  },
  'active disabled': {
    enable_portal: 'active enabled',
    disable_portal: '=',
    enable: '=',
    disable: 'disabled disabled',
    archive: 'archived disabled',
    restore: '=',
  },
  'disabled none': {
    enable_portal: 'refused: disabled',
    disable_portal: 'refused: no_portal',
    enable: 'active none',
    disable: '=',
    archive: 'archived none',
    restore: '=',
  },
  'disabled enabled': {
    enable_portal: 'refused: disabled',
    disable_portal: 'disabled disabled',
    enable: 'active enabled',
    disable: '=',
    archive: 'archived enabled',
    restore: '=',
  },
  'disabled disabled': {
    enable_portal: 'refused: disabled',
    disable_portal: '=',
    enable: 'active disabled',
    disable: '=',
    archive: 'archived disabled',
    restore: '=',
  },
  'archived none': {
    enable_portal: 'refused: archived',
    disable_portal: 'refused: archived',
    enable: 'refused: archived',
    disable: 'refused: archived',
    archive: '=',
    restore: 'active none',
  },
  'archived enabled': {
    enable_portal: 'refused: archived',
    disable_portal: 'refused: archived',
    enable: 'refused: archived',
    disable: 'refused: archived',
    archive: '=',
    restore: 'active enabled',
  },
  'archived disabled': {
    enable_portal: 'refused: archived',
    disable_portal: 'refused: archived',
    enable: 'refused: archived',
    disable: 'refused: archived',
    archive: '=',
    restore: 'active disabled',
  },
}

const told = (life: PortalLife, deed: LifeDeed): string => {
  const step = stepOf(life, deed)
  if (step.kind === 'unchanged') return '='
  if (step.kind === 'refused') return `refused: ${step.because}`
  const { life: next, createsPortal, endsSessions } = step
  return [
    `${next.customer} ${next.portal}`,
    createsPortal ? 'creates the portal' : '',
    endsSessions ? 'ends sessions' : '',
  ]
    .filter(Boolean)
    .join(', ')
}

const states = Object.keys(table) as State[]

describe('A customer and its portal', () => {
  it.each(states.flatMap((state) => lifeDeeds.map((deed) => [state, deed, table[state][deed]] as const)))(
    'that are %s, on %s: %s',
    (state, deed, expected) => {
      expect(told(lifeOf(state), deed)).toBe(expected)
    },
  )

  it('come back from the archive as they were put away, disabled ones still disabled', () => {
    for (const state of states.filter((one) => !one.startsWith('archived'))) {
      const life = lifeOf(state)
      const away = stepOf(life, 'archive')
      if (away.kind !== 'moved') throw new Error(`${state} could not be put away.`)
      expect(stepOf(away.life, 'restore')).toMatchObject({
        kind: 'moved',
        life: { customer: life.customer, portal: life.portal },
      })
    }
  })

  it('let people in only when both allow it', () => {
    expect(states.filter((state) => isReachable(lifeOf(state).customer, lifeOf(state).portal))).toEqual([
      'active enabled',
    ])
  })
})
