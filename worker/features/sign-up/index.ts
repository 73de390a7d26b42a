export { reconcileSignUps } from './sign-up.ts'
