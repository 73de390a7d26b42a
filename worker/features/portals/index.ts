export {
  activateAddress,
  logoOf,
  newPortalOf,
  reconcileHosts,
  settleAddresses,
  settlingOf,
  withReservedHost,
} from './portals.ts'
export { dropReservation, reserveHost } from './hostnames.ts'
export type { PortalRow } from './portals.ts'
export { logoObjects, logosSetAside, logoTooLarge, removeLogo, setLogo } from './logos.ts'
export { Colours, FirstSignIn, Logo, homepage, presentLogo } from './portals.schema.ts'
export { logoLimits } from './image.ts'
export { sessionsEnd } from './sessions-end.ts'
