export { sessionRoutes } from './sessions.routes.ts'
export { othersEnded } from './sessions.ts'
export { shortened } from './device.ts'
