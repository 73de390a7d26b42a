export { everythingNamed, namedTo, toldOf } from './nameable.ts'
export type { Nameable } from './nameable.ts'
