export {
  Customer,
  CustomerCreation,
  CustomerInput,
  CustomerQuery,
  presentCustomer,
  presentSummary,
} from './customers.schema.ts'
export { customerCursor, listAllFound, listCustomers } from './customer-list.ts'
export { hasWordFrom, isCut, matchCounts, mayMean, soughtOf } from './word-search.ts'
export { changeWords, creationOf, findCustomer, replacementOf } from './customers.ts'
export type { CustomerRow, PortalAdmin } from './customers.ts'
export {
  folded,
  likenessOf,
  marksOf,
  psaKeyOf,
  wordsIn,
  wordsOfContact,
  wordsOfTenant,
  wordsOfCustomer,
} from '../../../db/customer-words.ts'
