export { customerRoutes } from './customers.routes.ts'
export { changeWords, customerWithWords, rewriteWords, searchWordsOf } from './customers.ts'
export type { CustomerRow } from './customers.ts'
export { folded, wordsIn } from './words.ts'
