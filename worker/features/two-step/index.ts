export { twoStepRoutes } from './two-step.routes.ts'
export { renewRecoveryCodes, secondStepBy, turnOffTwoStep, wrongCode } from './two-step.ts'
export { OwnPassword, RecoveryCodes } from './two-step.schema.ts'
export { codeAt, fromBase32, stepAt } from './totp.ts'
