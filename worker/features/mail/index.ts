export {
  sendMail,
  invitationMail,
  microsoftLinkMail,
  passwordChangedMail,
  passwordResetMail,
  welcomeMail,
} from './mail.jobs.ts'
export {
  sendStaffMail,
  staffInvitationMail,
  staffMicrosoftLinkMail,
  staffPasswordChangedMail,
  staffPasswordResetMail,
} from './staff-mail.jobs.ts'
export { sendVerification, verificationOf } from './verification.job.ts'
export { trialMail } from './trial.ts'
export { MAIL_PORTS, hostTrouble } from './public-server.ts'
export { fromAddressOf, refusePrivate, sealedFor, senderReads, senderRowsOf, sendThrough } from './sender.ts'
export type { MailAddressRow, MailServerRow, SenderRows } from './sender.ts'
export { composeMail, helpLineOf, mailBrand, sentBy, sentByDeployment } from './compose.ts'
export { deliver } from './deliver.ts'
export type { MailContent } from './mail.words.ts'
