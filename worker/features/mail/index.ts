export { sendMail, invitationMail, welcomeMail } from './mail.jobs.ts'
