export type ApplicationPermission = { name: string; title: string; words: string }

/** What the app registration asks for; an administrator of a tenant grants all of it at once. */
export const applicationPermissions: readonly ApplicationPermission[] = [
  {
    name: 'User.Read.All',
    title: 'Read all users’ full profiles',
    words: 'Names, job titles, departments, phone numbers and licences of the people in your organisation.',
  },
  {
    name: 'Organization.Read.All',
    title: 'Read organisation information',
    words: 'Your organisation’s name, its domains, and the subscriptions it has bought.',
  },
  {
    name: 'AuditLog.Read.All',
    title: 'Read when people last signed in',
    words: 'The date of each person’s last sign-in, to find licences that nobody uses.',
  },
  {
    name: 'SecurityEvents.Read.All',
    title: 'Read your secure score',
    words: 'The daily security score of your organisation and what it is made of.',
  },
  {
    name: 'SecurityAlert.Read.All',
    title: 'Read all security alerts',
    words: 'Alerts raised by Microsoft Defender and what became of them.',
  },
  {
    name: 'ServiceHealth.Read.All',
    title: 'Read service health',
    words: 'Whether Microsoft’s services work for your organisation at the moment.',
  },
  {
    name: 'GroupMember.Read.All',
    title: 'Read all group memberships',
    words: 'The groups of your organisation and who is in them.',
  },
  {
    name: 'MailboxSettings.Read',
    title: 'Read all user mailbox settings',
    words: 'Which mailboxes are shared, or belong to rooms and equipment. No mail is read.',
  },
]
