export { customerRoutes } from './customers.routes.ts'
export { CustomerInput } from './customers.schema.ts'
export { changeWords } from './customers.ts'
export type { CustomerRow } from './customers.ts'
export {
  folded,
  likenessOf,
  marksOf,
  wordsIn,
  wordsOfContact,
  wordsOfTenant,
  wordsOfCustomer,
} from '../../../db/customer-words.ts'
