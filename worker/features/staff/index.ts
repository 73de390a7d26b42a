export { staffRoutes } from './staff.routes.ts'
export { reconcileStaffEmails, settleStaffEmail } from './staff-emails.ts'
