import { runGrant } from './features/access-grants/index.ts'
import { checkImport, forgetImport, runImport, undoImport } from './features/customer-imports/index.ts'
import { checkHostnameJob, checkOf, forgetReservedNames, removeHostnameJob } from './features/custom-hostnames/index.ts'
import { indexUsers, indexUsersOf } from './features/directory/index.ts'
import { documentObjects, expiredDocuments } from './features/documents/index.ts'
import { sendMail, sendStaffMail, sendVerification } from './features/mail/index.ts'
import {
  activateAddress,
  logoObjects,
  logosSetAside,
  reconcileHosts,
  settleAddresses,
} from './features/portals/index.ts'
import { refreshSkuNames, refreshWhenDue } from './features/licences/index.ts'
import { answerResetRequest, forgetOldAttempts, resumeResetRequests } from './features/sign-in/index.ts'
import { monthlyReportsOf, sendMonthlyReport, sendReportSample, startMonthlyReports } from './features/reports/index.ts'
import { attendTo, tellOfRequest } from './features/requests/index.ts'
import {
  closeByTime,
  mailEntry,
  sendTooLate,
  tellOfEntry,
  ticketObjects,
  unsentFiles,
} from './features/tickets/index.ts'
import { reconcileSignUps } from './features/sign-up/index.ts'
import { reconcileStaffEmails, settleStaffEmail } from './features/staff/index.ts'
import {
  ageHealth,
  healthOf,
  partsOf,
  readPartsJob,
  syncOf,
  syncTenant,
  tellAppRemoved,
} from './features/tenants/index.ts'
import { consumerOf } from './jobs/consumer.ts'
import type { Job } from './jobs/job.ts'
import { walkOf } from './jobs/objects.ts'
import { sweepOf } from './jobs/schedule.ts'

/** Every kind of job there is. */
const knownJobs: readonly Job[] = [
  sendMail,
  sendStaffMail,
  sendVerification,
  tellOfRequest,
  settleStaffEmail,
  activateAddress,
  settleAddresses,
  checkHostnameJob,
  removeHostnameJob,
  syncTenant,
  readPartsJob,
  ageHealth,
  tellAppRemoved,
  checkImport,
  runImport,
  undoImport,
  runGrant,
  indexUsers,
  startMonthlyReports,
  sendMonthlyReport,
  sendReportSample,
  tellOfEntry,
  mailEntry,
  sendTooLate,
]

/** What staff read for each kind of job. */
export const jobTitles: ReadonlyMap<string, string> = new Map(knownJobs.map(({ kind, title }) => [kind, title]))

export const consume = consumerOf(knownJobs, [answerResetRequest, refreshSkuNames])

/** What becomes of a mail that arrives. */
export { takeMail } from './features/tickets/index.ts'

export const sweep = sweepOf({
  syncOf,
  partsOf,
  healthOf,
  hostnameCheckOf: checkOf,
  indexUsersOf,
  monthlyReportsOf,
  forgetReservedNames,
  reconcileHosts,
  reconcileStaffEmails,
  reconcileSignUps,
  resumeResetRequests,
  refreshWhenDue,
  forgetOldAttempts,
  expiredDocuments,
  logosSetAside,
  closeByTime,
  attendTo,
  unsentFiles,
  forgetImport,
  walkObjects: walkOf([logoObjects, documentObjects, ticketObjects]),
})
