export { customerRoutes } from './customers.routes.ts'
export { changeWords, customerWithWords, rewriteWords, searchWordsOf } from './customers.ts'
export type { CustomerRow } from './customers.ts'
export { folded, likenessOf, marksOf, wordsIn } from '../../../db/customer-words.ts'
