export { othersEnded } from './sessions.ts'
export { shortened } from './device.ts'
