export { checkImport } from './check.job.ts'
export { forgetImport } from './forget.ts'
export { runImport } from './run.job.ts'
export { undoImport } from './undo.job.ts'
