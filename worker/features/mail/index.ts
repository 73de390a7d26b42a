export { sendMail, invitationMail, passwordChangedMail, passwordResetMail, welcomeMail } from './mail.jobs.ts'
export {
  sendStaffMail,
  staffInvitationMail,
  staffPasswordChangedMail,
  staffPasswordResetMail,
} from './staff-mail.jobs.ts'
