export { customerRoutes } from './customers.routes.ts'
export { CustomerInput, CustomerQuery, presentSummary } from './customers.schema.ts'
export { customerCursor, listAllFound, listCustomers } from './customer-list.ts'
export { among, changeWords } from './customers.ts'
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
