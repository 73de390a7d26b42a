export { runGrant } from './access-grants.ts'
