export { passwordRoutes, signInRoutes } from './sign-in.routes.ts'
export { hashPassword } from './password.ts'
export { forgetOldAttempts } from './attempts.ts'
