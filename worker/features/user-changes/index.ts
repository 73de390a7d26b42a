export { everythingNamed, namedTo, toldOf } from './nameable.ts'
export { changesRead } from './user-changes.ts'
export type { Nameable } from './nameable.ts'
