export {
  reconcileStaffEmails,
  RESERVED_MS,
  settleStaffEmail,
  settlingOfEmail,
  yieldStaffEmail,
} from './staff-emails.ts'
