export { portalRoutes } from './portals.routes.ts'
export {
  activateAddress,
  logoOf,
  newPortalOf,
  portalFace,
  reconcileHosts,
  settleAddresses,
  settlingOf,
  withReservedHost,
} from './portals.ts'
export { dropReservation, reserveHost } from './hostnames.ts'
export type { PortalRow } from './portals.ts'
export { logoAt, logoObjects, logosSetAside, logoTooLarge, removeLogo, setLogo } from './logos.ts'
export { brandOf } from './brand-of.ts'
export { Colours, FirstSignIn, Logo, homepage, presentLogo } from './portals.schema.ts'
export { logoLimits } from './image.ts'
export { policyOf } from './sign-in-policy.ts'
export type { SignInPolicy } from './sign-in-policy.ts'
export { sessionsEnd } from './sessions-end.ts'
