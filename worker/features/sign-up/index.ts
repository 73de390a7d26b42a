export { signUpRoutes } from './sign-up.routes.ts'
export { reconcileSignUps } from './sign-up.ts'
