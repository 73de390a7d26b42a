export { customerRoutes } from './customers.routes.ts'
export { customerWithWords, rewriteWords, searchWordsOf } from './customers.ts'
export { email } from './customers.schema.ts'
export { folded } from './words.ts'
