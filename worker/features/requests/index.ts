export { RequestsNow, openRequestReads, presentRequestsNow } from './requests-now.ts'
export { tellOfRequest } from './tell.job.ts'
export { requestOfPerson, withoutRequester } from './without-requester.ts'
export { attendTo } from './waiting.ts'
