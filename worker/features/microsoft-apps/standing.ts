import { tenantStates } from '../../../db/shard/schema.ts'
import { daysBetween } from '../../days.ts'

type TenantState = (typeof tenantStates)[number]

/** In these states a tenant is still its customer's, but nothing can be read from it until it is connected again. */
export const unreadableStates = ['consent_lost', 'app_removed'] as const satisfies TenantState[]

export const isUnreadable = (state: TenantState): boolean => (unreadableStates as readonly string[]).includes(state)

/**
 * How a tenant stands once these of the MSP's own app registrations are kept here. Consent belongs to app × tenant: what was
 * connected with an app is read with that one alone, and with none when it is gone. The deployment's own (null) is always there.
 */
export const stateUnder = (
  { state, clientId }: { state: TenantState; clientId: string | null },
  keptClientIds: ReadonlySet<string>,
): TenantState => {
  if (state === 'removed') return 'removed'
  if (clientId !== null && !keptClientIds.has(clientId)) return 'app_removed'
  return state === 'app_removed' ? 'connected' : state
}

/** The states that tenants of an app leave for another one once these apps are kept. */
export const statesLeft = (clientId: string, keptClientIds: ReadonlySet<string>): TenantState[] =>
  tenantStates.filter((state) => stateUnder({ state, clientId }, keptClientIds) !== state)

/** How a client secret stands by the day on which it expires: `unknown` where the MSP did not say. */
export const secretStandings = ['unknown', 'good', 'expires_soon', 'expired'] as const
export type SecretStanding = (typeof secretStandings)[number]

/** From so many days before on, it is warned of. */
const SOON_DAYS = 30

/** Days as YYYY-MM-DD. Entra ends a secret in the course of its last day, so that day is one of warning still. */
export const secretStandingOf = (expiresOn: string | null, today: string): SecretStanding => {
  if (expiresOn === null) return 'unknown'
  const dayCount = daysBetween(today, expiresOn)
  if (dayCount < 0) return 'expired'
  return dayCount <= SOON_DAYS ? 'expires_soon' : 'good'
}
