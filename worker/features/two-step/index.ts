export { beginTwoStep, renewRecoveryCodes, secondStepBy, turnOffTwoStep, wrongCode } from './two-step.ts'
export { OwnPassword, RecoveryCodes, TwoStepSetup } from './two-step.schema.ts'
export { codeAt, fromBase32, stepAt } from './totp.ts'
