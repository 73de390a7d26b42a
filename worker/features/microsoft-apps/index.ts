export { appIfInForce, appOf, clientIdInForce, entraOf, neutralApp, sealedFor } from './apps.ts'
export type { MicrosoftApp, MicrosoftAppRow } from './apps.ts'
export {
  isUnreadable,
  secretStandings,
  secretStandingOf,
  stateUnder,
  statesLeft,
  unreadableStates,
} from './standing.ts'
export type { SecretStanding } from './standing.ts'
