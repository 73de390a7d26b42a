export { tellOfRequest } from './tell.job.ts'
