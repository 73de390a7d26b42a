export {
  reconcileStaffEmails,
  RESERVED_MS,
  settleStaffEmail,
  settlingOfEmail,
  unansweredEmailOf,
  yieldStaffEmail,
} from './staff-emails.ts'
export type { UnansweredEmail } from './staff-emails.ts'
