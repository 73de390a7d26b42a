export { staffRoutes } from './staff.routes.ts'
export { reconcileStaffEmails, RESERVED_MS, settleStaffEmail, settlingOfEmail } from './staff-emails.ts'
