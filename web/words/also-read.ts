/** Words about what is read of a tenant beside its syncs, as staff read them. */
import { date } from './format.ts'

const permission = {
  groups: 'GroupMember.Read.All',
  signIns: 'AuditLog.Read.All',
  mailboxes: 'MailboxSettings.Read',
  managers: 'User.Read.All',
}

export const alsoRead = {
  title: 'Also read',
  lead: 'Besides people, licences and health; each by itself, so that what is missing holds up nothing else.',
  part: {
    groups: 'Groups and who is in them',
    signIns: 'When people last signed in',
    mailboxes: 'Which mailboxes are shared',
    managers: 'Who is whose manager',
  },
  asOf: 'As of',
  notYet: 'Not read yet. It comes within a few hours of the first sync.',
  unknownSince: (at: string) => `Not known since ${date(at)}`,
  mend: (part: keyof typeof permission, why: 'permission' | 'licence' | null) =>
    why === 'licence'
      ? 'Microsoft tells it only to tenants with Entra ID P1; it comes by itself once the tenant has that.'
      : `The permission ${permission[part]} is missing. Connect the tenant again, with an administrator who gives it.`,
  older: (at: string) => `What is shown is from ${date(at)}.`,
}
