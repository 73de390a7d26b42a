import type { ApiDocument } from './docs.ts'

/** As much of JSON Schema as our shapes are described with. */
type Shape = {
  $ref?: string
  type?: string | string[]
  format?: string
  enum?: unknown[]
  const?: unknown
  default?: unknown
  example?: unknown
  minimum?: number
  maximum?: number
  items?: Shape
  properties?: Record<string, Shape>
  additionalProperties?: Shape | boolean
  anyOf?: Shape[]
  oneOf?: Shape[]
  allOf?: Shape[]
}
type Content = Record<string, { schema?: Shape; example?: unknown }>
type Parameter = { name: string; schema?: Shape; example?: unknown }
type Described = {
  parameters?: Parameter[]
  requestBody?: { content?: Content }
  responses?: Record<string, { content?: Content }>
}

/**
 * What a field holds in examples, by its name, or by its place, `Shape.field` or `object.field`, where that name holds
 * something else elsewhere. A text needs a line here; all else has a usual value.
 */
/** A question of an MSP's own that is new, so that it has no id yet. */
const ownQuestion = {
  kind: 'choice',
  label: 'Which desk?',
  help: 'The nearer window.',
  isRequired: true,
  isEach: true,
  options: ['North', 'South'],
}

const values: Record<string, unknown> = {
  mail: 'dana@fabrikamdental.example',
  department: 'Reception',
  departments: 'Reception',
  businessPhone: '01632 960 101',
  mobilePhone: '07700 900 101',
  licences: 'Microsoft 365 Business Premium',
  otherLicences: 'Power Automate Free',
  userPrincipalName: 'dana@fabrikamdental.example',
  accountCreatedAt: '2024-03-04T09:30:00Z',
  userId: '7b0f3c1e-4a5d-4f0e-9c5b-2f4f5a8e1d77',
  'DirectoryUser.name': 'Dana Whitfield',
  'CustomerUser.name': 'Dana Whitfield',
  'DirectoryEntry.name': 'Dana Whitfield',
  'CustomerUserEntry.name': 'Dana Whitfield',
  'DirectoryUser.id': '7b0f3c1e-4a5d-4f0e-9c5b-2f4f5a8e1d77',
  'CustomerUser.id': '7b0f3c1e-4a5d-4f0e-9c5b-2f4f5a8e1d77',
  'DirectoryEntry.id': '7b0f3c1e-4a5d-4f0e-9c5b-2f4f5a8e1d77',
  'CustomerUserEntry.id': '7b0f3c1e-4a5d-4f0e-9c5b-2f4f5a8e1d77',
  'ScoreControl.category': 'Identity',
  number: 1042,
  assignee: '01m80axhans6t9v2w5x8y1zab4cd7ef0gh3j',
  'assignee.id': '01m80axhans6t9v2w5x8y1zab4cd7ef0gh3j',
  'assignee.name': 'Marcus Bell',
  'staff.id': '01m80axhans6t9v2w5x8y1zab4cd7ef0gh3j',
  'staff.name': 'Marcus Bell',
  'customer.id': '01m80axhan4k7q2v9s1m5xw3e8r6tb0c2dfg',
  'customer.name': 'Fabrikam Dental',
  'StaffTicketSummary.priority.name': 'Normal',
  'StaffTicket.priority.name': 'Normal',
  'StaffTicketOptions.priorities.name': 'Normal',
  'TicketSettings.priorities.name': 'Normal',
  'TicketSettingsInput.priorities.name': 'Normal',
  'user.id': '7b0f3c1e-4a5d-4f0e-9c5b-2f4f5a8e1d77',
  'user.name': 'Tom Okafor',
  'StaffTicketSummary.endedAt': null,
  'StaffTicket.endedAt': null,
  'StaffTicket.reopenUntil': null,
  'StaffTicket.resolvedAt': null,
  'StaffTicket.waitingSince': null,
  'StaffTicket.rating': null,
  'StaffTicket.mergedInto': null,
  'StaffTicket.outside': null,
  'StaffTicketQuery.q': '#1042',
  'TicketAnswerInput.text': 'It may be the toner. Could you look whether the lamp blinks?',
  'TicketNoteInput.text': 'They had the same in March.',
  into: '01m80axhanv4w7x0y3z6ab9cd2ef5gh8jk1m',
  replyId: '01m80axhany7z0a3b6cd9ef2gh5jk8mn1pq4',
  'CannedReply.id': '01m80axhany7z0a3b6cd9ef2gh5jk8mn1pq4',
  'CannedReply.title': 'Look at the toner',
  'CannedReply.text': 'Hello {requester}, please look whether the lamp of the toner blinks. {me}',
  'CannedReplyInput.title': 'Look at the toner',
  'CannedReplyInput.text': 'Hello {requester}, please look whether the lamp of the toner blinks. {me}',
  'FilledCannedReplies.items.id': '01m80axhany7z0a3b6cd9ef2gh5jk8mn1pq4',
  'FilledCannedReplies.items.title': 'Look at the toner',
  'FilledCannedReplies.items.text':
    'Hello Dana Whitfield, please look whether the lamp of the toner blinks. Marcus Bell',
  'priorities.customerName': 'I can work, but it is in the way',
  firstAnswerHours: 8,
  resolutionHours: 48,
  reopenDays: 14,
  subject: 'The printer at reception prints nothing',
  description: 'Since this morning every page comes out white. We print labels with it all day.',
  category: 'network',
  'category.id': 'network',
  'category.name': 'Internet, Wi-Fi and printing',
  'categories.id': 'network',
  'categories.name': 'Internet, Wi-Fi and printing',
  'priority.name': 'I can work, but it is in the way',
  'priorities.name': 'I can work, but it is in the way',
  requester: '01m80axhan1wjd992qsbwbvfk7ncjj2f14m6',
  'requester.id': '01m80axhan1wjd992qsbwbvfk7ncjj2f14m6',
  'requester.name': 'Dana Whitfield',
  watchers: '01m80axhanq3r6s9t2v5w8x1y4zab7cd0ef3',
  'watchers.id': '01m80axhanq3r6s9t2v5w8x1y4zab7cd0ef3',
  'watchers.name': 'Tom Okafor',
  'colleagues.id': '01m80axhanq3r6s9t2v5w8x1y4zab7cd0ef3',
  'colleagues.name': 'Tom Okafor',
  'raisedBy.name': 'Dana Whitfield',
  assigneeName: 'Marcus Bell',
  'people.id': '01m80axhan1wjd992qsbwbvfk7ncjj2f14m6',
  'people.name': 'Dana Whitfield',
  'PortalTicket.endedAt': null,
  'PortalTicketEntry.endedAt': null,
  'PortalTicket.reopenUntil': null,
  'PortalTicket.rating': null,
  'PortalTicket.mergedInto': null,
  requesterName: 'Dana Whitfield',
  'mergedInto.subject': 'The printer at reception prints nothing',
  ticketId: '01m80axhanv4w7x0y3z6ab9cd2ef5gh8jk1m',
  fileId: '01m80axhanw5x8y1z4ab7cd0ef3gh6jk9mn2',
  files: '01m80axhanw5x8y1z4ab7cd0ef3gh6jk9mn2',
  'TicketFile.id': '01m80axhanw5x8y1z4ab7cd0ef3gh6jk9mn2',
  'TicketFile.name': 'White page.jpg',
  'author.name': 'Dana Whitfield',
  'TicketCommentInput.text': 'It was the toner. Thank you.',
  'TicketEntry.text': 'It was the toner. Thank you.',
  quoted: 'On Friday Marcus Bell wrote: Could you look at the toner?',
  'TicketEntry.event': null,
  comment: 'That was quick.',
  'PortalTicketQuery.q': '#1042',
  tenantIds: '01m80axhant7v0w3x6y9zab2cd5ef8g1h4j7',
  remediation: 'Ask everybody to register a second step.',
  latestPost: 'We are rerouting traffic and expect mail to flow normally within the hour.',
  'ScoreControl.id': 'MFARegistrationV2',
  'ScoreControl.title': 'Ensure all users can complete multifactor authentication',
  'SecurityAlert.id': 'da637551227677560813_-961444813',
  'SecurityAlert.title': 'Unfamiliar sign-in properties',
  'SecurityAlert.description': 'Somebody signed in from a place that is new for this account.',
  'SecurityAlert.category': 'InitialAccess',
  'ServiceIssue.id': 'EX1047412',
  'ServiceIssue.title': 'Some messages arrive late',
  'UserChange.name': 'Priya Nair',
  'UserChange.detail': 'Receptionist',
  'groups.name': 'Reception',
  'person.name': 'Priya Nair',
  'manages.name': 'Tom Okafor',
  'groups.mail': 'reception@fabrikamdental.example',
  'BellItem.subject': 'The printer at reception takes no paper',
  action: 'customer.changed',
  addedBy: 'Olivia Hart',
  address: '12 Mill Lane, Bristol',
  background: '#ffffff',
  browser: 'Firefox',
  code: 'missing',
  companyName: 'Fabrikam Dental',
  connectedBy: 'Olivia Hart',
  contactId: '01m80axhan1wjd992qsbwbvfk7ncjj2f14m6',
  cursor: 'WyJuYW1lIiwiZmFicmlrYW0iLCIwMW04Il0',
  currency: 'GBP',
  currentPassword: 'harbour-lantern-copper-41',
  contactIds: '01m80axhan1wjd992qsbwbvfk7ncjj2f14m6',
  approverIds: '01m80axhanf0k3p6s9v2y5bc8eh1j4m7q0t3',
  customerId: '01m80axhan4k7q2v9s1m5xw3e8r6tb0c2dfg',
  latestByName: 'Dana Whitfield',
  customerIds: '01m80axhan4k7q2v9s1m5xw3e8r6tb0c2dfg',
  detail: 'Six more people hold a seat than were bought.',
  displayName: 'Fabrikam Dental',
  documentId: '01m80axhand2f5g8h1j4k7l0p3q6r9s2t5vw',
  domain: 'fabrikamdental.example',
  email: 'dana@fabrikamdental.example',
  except: '01m80axhan4k7q2v9s1m5xw3e8r6tb0c2dfg',
  field: 'name',
  foreground: '#0b7a75',
  fromAddress: 'portal@northwind-it.example',
  fromName: 'Northwind IT',
  grantId: '01m80axhang1h4j7k0l3p6q9r2s5t8v1w4xy',
  handle: 'key_7f3kq2',
  helpEmail: 'help@northwind-it.example',
  helpHours: 'Mon–Fri 8:00–18:00',
  helpPhone: '01632 960 100',
  homepage: 'https://fabrikamdental.example',
  hostname: 'portal.fabrikamdental.example',
  prefixHost: 'fabrikam.portal.example',
  linkedHost: 'portal.fabrikamdental.example',
  leadsTo: 'www.fabrikamdental.example',
  reported: 'The name does not lead here.',
  neutralAddress: 'portal@mail.portal.example',
  userName: 'portal@northwind-it.example',
  words: 'The mail server took the mail (250 2.0.0).',
  'MicrosoftTrial.accepted': false,
  'MicrosoftTrial.words':
    'The secret has expired. Make a new one under Certificates & secrets, and enter its value here.',
  codes: 'AADSTS7000222',
  clientId: '5d6a3c1e-0b7f-4f0e-9c5b-2f4f5a8e1d01',
  directoryId: '5d6a3c1e-0b7f-4f0e-9c5b-2f4f5a8e1d02',
  clientSecret: 'Kj48Q~example-of-a-secret-value',
  secretExpiresOn: '2027-11-20',
  secretStanding: 'good',
  redirectUris: 'https://auth.portal.example/microsoft/consent',
  permissions: 'User.Read.All',
  appId: '01m80axhanx4q7r0s3t6v9w2x5y8zab1cd4e',
  removedAppTenantCount: 0,
  customerName: 'Fabrikam Dental',
  skuId: 'cbdc14ab-d96c-4c30-b9f4-6ada7cdc1d46',
  partNumber: 'SPB',
  'Licence.name': 'Microsoft 365 Business Premium',
  'Renewal.name': 'Microsoft 365 Business Premium',
  'LicenceUsage.name': 'Microsoft 365 Business Premium',
  'KnownSku.name': 'Microsoft 365 Business Premium',
  'KnownSku.ownName': null,
  'SkuInput.name': null,
  'licence.name': 'Microsoft 365 Business Premium',
  microsoftName: 'Microsoft 365 Business Premium',
  'SeatHolder.name': 'Priya Nair',
  'requestedBy.name': 'Dana Whitfield',
  'requestedBy.id': '01m80axhan1wjd992qsbwbvfk7ncjj2f14m6',
  requestedBy: '01m80axhan1wjd992qsbwbvfk7ncjj2f14m6',
  requestId: '01m80axhanr2s5t8v1w4x7y0zab3cd6ef9gh',
  stepId: '01m80axhans3t6v9w2x5y8z1ab4cd7ef0gh2',
  raisedByName: 'Marcus Bell',
  'awaiting.names': 'Marcus Bell',
  'StaffTicket.request': null,
  'PortalTicket.request': null,
  'decidedBy.name': 'Marcus Bell',
  'ticket.id': '01m80axhanv4w7x0y3z6ab9cd2ef5gh8jk1m',
  'customerApproval.name': 'Henrik Sand',
  'done.by': 'Marcus Bell',
  'events.by.name': 'Dana Whitfield',
  'by.name': 'Dana Whitfield',
  note: 'Five people start on the first of May.',
  about: 'Microsoft 365 Business Premium',
  was: 'Enough seats',
  is: '2 seats are missing',
  'summary.heading': 'Anna Meyer',
  'lines.label': 'First day',
  'lines.value': '1 May 2027',
  'checklist.title': 'Buy 5 seats of Microsoft 365 Business Premium',
  'ServiceRequest.subject': '5 more seats of Microsoft 365 Business Premium',
  'ServiceRequestSummary.subject': '5 more seats of Microsoft 365 Business Premium',
  'StaffServiceRequest.subject': '5 more seats of Microsoft 365 Business Premium',
  'StaffServiceRequestSummary.subject': '5 more seats of Microsoft 365 Business Premium',
  'ServiceRequestInput.reason': 'Five people start on the first of May.',
  'RequestForm.title': 'New user',
  'RequestForm.intro': 'Somebody starts: ask for their account, their licences and their groups.',
  checkWords: 'Your IT provider checks this first.',
  'RequestFormField.key': 'startsOn',
  'RequestFormField.kind': 'date',
  'RequestFormField.label': 'First day',
  'RequestFormField.help': 'A Monday, please.',
  'RequestFormSettings.items.known.options': { value: 'keep', label: 'Keep the seat free', needsUser: false },
  'RequestFormOverlaySettings.items.known.options': { value: 'keep', label: 'Keep the seat free', needsUser: false },
  'RequestFormField.options': { value: 'keep', label: 'Keep the seat free', needsUser: false },
  'RequestFormField.lengthMax': null,
  'RequestFormField.min': null,
  'RequestFormField.max': null,
  'RequestPerson.id': '7b0f3c1e-4a5d-4f0e-9c5b-2f4f5a8e1d77',
  'RequestPerson.name': 'Tom Okafor',
  'RequestPerson.address': 'tom@fabrikamdental.example',
  'RequestHoldings.id': '7b0f3c1e-4a5d-4f0e-9c5b-2f4f5a8e1d77',
  'RequestHoldings.name': 'Tom Okafor',
  'RequestHoldings.licences': { id: 'cbdc14ab-d96c-4c30-b9f4-6ada7cdc1d46', name: 'Microsoft 365 Business Premium' },
  'RequestHoldings.groups': { id: 'e1b7a0c2-5d1f-4d0e-8a3c-9b2f6c7d8e90', name: 'All staff' },
  'RequestHoldings.manager': null,
  'RequestHoldings.manages': {
    id: '2f4f5a8e-1d77-4a5d-9c5b-7b0f3c1e4f0e',
    name: 'Priya Nair',
    address: 'priya@fabrikamdental.example',
  },
  'RequestHoldings.sharedMailboxes': {
    id: '9c5b7b0f-3c1e-4f0e-8a5d-2f4f5a8e1d77',
    name: 'Reception',
    address: 'reception@fabrikamdental.example',
  },
  'RequestOptions.licences': {
    skuId: 'cbdc14ab-d96c-4c30-b9f4-6ada7cdc1d46',
    name: 'Microsoft 365 Business Premium',
    tenantId: '01m80axhant7v0w3x6y9zab2cd5ef8g1h4j7',
    isFree: false,
    boughtCount: 30,
    assignedCount: 28,
    freeCount: 1,
    price: { amountMinor: 1750, per: 'month', currency: 'GBP' },
  },
  'RequestGroup.id': 'e1b7a0c2-5d1f-4d0e-8a3c-9b2f6c7d8e90',
  'RequestGroup.name': 'All staff',
  'RequestGroup.mail': 'all@fabrikamdental.example',
  'RequestGroup.memberCount': 28,
  'RequestCheck.errors': { pointer: '/people/0/startsOn', detail: 'This is needed.' },
  'RequestCheck.warnings': { pointer: '/people/0/address', detail: 'Somebody has this address already.' },
  'RequestCheck.summary': null,
  'fields.kind': 'choice',
  'fields.label': 'Which desk?',
  'fields.help': 'The nearer window.',
  'fields.options': 'North',
  'items.title': 'New user',
  'known.key': 'jobTitle',
  'known.label': 'Job title',
  'known.help': '',
  'items.hidden': 'jobTitle',
  'master.hidden': 'jobTitle',
  'new_user.fields': ownQuestion,
  'offboarding.fields': ownQuestion,
  'password_reset.fields': ownQuestion,
  'licence_change.fields': ownQuestion,
  'group_change.fields': ownQuestion,
  'actions.see_directory': 'direct',
  'actions.see_licences': 'direct',
  'actions.download_reports': 'direct',
  'actions.create_tickets': 'direct',
  'actions.new_user': 'approval',
  'actions.offboarding': 'approval',
  'actions.password_reset': 'direct',
  'actions.licence_change': 'approval',
  'actions.group_change': 'approval',
  'people.address': 'anna.meyer@fabrikamdental.example',
  'new_user.hidden': 'jobTitle',
  'offboarding.hidden': 'sharedMailboxes',
  'password_reset.hidden': 'alsoSecondStep',
  'licence_change.hidden': 'endsOn',
  'group_change.hidden': 'endsOn',
  'StaffServiceRequestInput.reason': 'Five people start on the first of May.',
  'ServiceRequest.reason': 'Five people start on the first of May.',
  'ServiceRequestSummary.reason': 'Five people start on the first of May.',
  'StaffServiceRequest.reason': 'Five people start on the first of May.',
  'StaffServiceRequestSummary.reason': 'Five people start on the first of May.',
  'decidedBy.reason': 'They are in the budget.',
  'ServiceRequestApprovalInput.reason': 'They are in the budget.',
  'ServiceRequestRefusalInput.reason': 'Two seats are free already.',
  'ServiceRequestWithdrawalInput.reason': 'They start later.',
  managerId: '7b0f3c1e-4a5d-4f0e-9c5b-2f4f5a8e1d77',
  likeUserId: '7b0f3c1e-4a5d-4f0e-9c5b-2f4f5a8e1d77',
  toUserId: '7b0f3c1e-4a5d-4f0e-9c5b-2f4f5a8e1d77',
  skuIds: 'cbdc14ab-d96c-4c30-b9f4-6ada7cdc1d46',
  groupId: 'e1b7a0c2-5d1f-4d0e-8a3c-9b2f6c7d8e90',
  groupIds: 'e1b7a0c2-5d1f-4d0e-8a3c-9b2f6c7d8e90',
  givenName: 'Anna',
  familyName: 'Meyer',
  'answers.label': 'Cost centre',
  'answers.value': '4711',
  'MailTrial.to': 'olivia@northwind-it.example',
  'ReportSample.to': 'olivia@northwind-it.example',
  'ReportSample.month': '2026-10',
  'MailTrial.from': 'help@northwind-it.example',
  'MailServer.host': 'smtp.northwind-it.example',
  'MailServer.port': 587,
  'MailServerInput.host': 'smtp.northwind-it.example',
  'MailServerInput.port': 587,
  'MailAddress.address': 'help@northwind-it.example',
  'MailAddressInput.address': 'help@northwind-it.example',
  'Hostname.url': 'https://portal.fabrikamdental.example',
  'Hostname.state': 'active',
  'Hostname.troubleSince': null,
  'Hostname.answersUntil': null,
  'Hostname.givenUpAt': null,
  'HostnameStep.reason': 'done',
  'DnsRecord.name': 'portal.fabrikamdental.example',
  'DnsRecord.value': 'custom.portal.example',
  host: 'fabrikam.portal.example',
  id: '01m80axhan4k7q2v9s1m5xw3e8r6tb0c2dfg',
  hostnameId: '01m80axhanh2j5k8l1p4q7r0s3t6v9w2x5yz',
  importId: '01m80axhani3j6k9l2p5q8r1s4t7v0w3x6yz',
  issueTitle: 'Some messages arrive late',
  jobId: '01m80axhanj5k8l1p4q7r0s3t6v9w2x5y8za',
  jobTitle: 'Office manager',
  key: 'tone.buttons',
  keyId: '01m80axhank7l0p3q6r9s2t5v8w1x4y7zab0',
  kind: 'customer',
  locale: 'en-GB',
  mergeId: '01m80axhanm9p2q5r8s1t4v7w0x3y6zab9c2',
  message: 'Microsoft did not answer.',
  mspName: 'Northwind IT',
  'SignUpInput.name': 'Olivia Hart',
  'SignUpInput.email': 'olivia@northwind-it.example',
  'SignUpInput.code': 'ask-the-operator-for-it',
  name: 'Fabrikam Dental',
  newPassword: 'copper-meadow-quarry-77',
  nextCursor: 'WyJuYW1lIiwiZmFicmlrYW0iLCIwMW04Il0',
  noticeId: '01m80axhann1q4r7s0t3v6w9x2y5zab8cd1e',
  notes: 'Prefers to be called before nine.',
  part: 'licences',
  failed: 'Fabrikam Dental',
  'departures.names': 'Adele Vance',
  licence: 'Microsoft 365 Business Premium',
  password: 'copper-meadow-quarry-77',
  temporaryPassword: 'lusab-babad-gutih-tugad',
  phone: '01632 960 144',
  pointer: '/name',
  prefix: 'fabrikam',
  primaryContactName: 'Dana Whitfield',
  psaId: 'C-1042',
  q: 'fabri',
  remedy: 'Buy six seats, or take six away.',
  replyTo: 'help@northwind-it.example',
  'Problem.requestId': 'adb1f41b-3530-4a24-b687-ae0ef8bcd5fa',
  roles: 'admin',
  rowId: '01m80axhanr3s6t9v2w5x8y1zab4cd7ef0g3',
  service: 'Exchange Online',
  serviceName: 'Outlook and e-mail',
  'services.name': 'Outlook and e-mail',
  'ServiceState.name': 'Outlook and e-mail',
  sessionId: '01m80axhans5t8v1w4x7y0zab3cd6ef9g2h5',
  staffId: '01m80axhan6s3t9u5d1f7h2j8k4l0p6q3wzx',
  subjectName: 'Fabrikam Dental',
  system: 'Windows',
  secret: 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP',
  uri: 'otpauth://totp/Northwind%20IT:rosa%40northwind-it.example?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer=Northwind%20IT',
  recoveryCodes: 'k7m2-9dfg-p4qr-x8wz',
  'TwoStepCode.code': '287082',
  'SignInCode.code': '287082',
  tenant: 'fabrikamdental.example',
  tenantId: '01m80axhant7v0w3x6y9zab2cd5ef8g1h4j7',
  tenantName: 'Fabrikam Dental',
  text: 'From 8:00 to 10:00 mail may be slow.',
  timeZone: 'Europe/London',
  title: 'Maintenance on Sunday',
  returnTo: '/documents',
  'PreviewWay.url': 'https://fabrikam.portal.example/preview?code=dGhpcyBpcyBhbiBleGFtcGxl',
  account: 'dana@fabrikamdental.example',
  linkedAt: '2026-11-20T08:42:00.000Z',
  invitation: 'dGhpcyBpcyBhbiBleGFtcGxlIG9mIGEgc2VjcmV0LWM',
  'MicrosoftWay.url':
    'https://login.microsoftonline.com/organizations/oauth2/v2.0/authorize?client_id=dGhpcyBpcyBhbiBleGFtcGxl',
  token: 'dGhpcyBpcyBhbiBleGFtcGxlIG9mIGEgc2VjcmV0LWM',
  trouble: 'Microsoft did not answer.',
  type: '/problems/missing',
  portalHost: 'fabrikam.portal.example',
  survivor: 'Fabrikam Dental',
  merged: 'Fabrikam Dental Ltd',
  unchosen: 'email',
  mergedBy: 'Olivia Hart',
  survivorId: '01m80axhan4k7q2v9s1m5xw3e8r6tb0c2dfg',
  mergedFrom: 'Fabrikam Dental Ltd',
  mergedId: '01m80axhan7p4n8x2c6v0b3m9q5w1e7r4tyh',
  fileName: 'customers.csv',
  encoding: 'utf-8',
  delimiter: ',',
  heading: 'Company',
  samples: 'Fabrikam Dental',
  'MonthlyPreview.month': '2026-11',
  'reader.name': 'Dana Whitfield',
  'from.name': 'Northwind IT',
  'from.address': 'portal@northwind-it.example',
  'MonthlyPreview.subject': 'Fabrikam Dental in November 2026',
  'brand.name': 'Fabrikam Dental',
  onPrimaryColour: '#ffffff',
  'mail.heading': 'Fabrikam Dental in November 2026',
  logoUrl: '/logo/01m80axhan4k7q2v9s1m5xw3e8r6tb0c2dfg',
  opening: 'Hello Dana Whitfield, this is how your Microsoft 365 is doing.',
  'parts.text': 'People: 48 people can sign in.',
  actionLabel: 'See your reports',
  helpLine: 'Help from Northwind IT · 01632 960 100',
  footer: 'Northwind IT sends this once a month.',
  'MonthlyDefaultsInput.day': 1,
  'MonthlyDefaults.day': 1,
  'ReportSettingsInput.day': null,
  'ReportSettings.day': null,
  createdBy: 'Olivia Hart',
  column: 'E-mail',
  reason: 'This is no e-mail address.',
  undoReason: 'It was changed since.',
  url: 'https://fabrikam.portal.example',
  uploadKey: '0d5c6d0e-6f0b-4a58-9f0e-3a52a7c1b8f4',
  primaryColour: '#0b7a75',
  accentColour: '#e4572e',
  contactCount: 3,
  'creator.name': 'Olivia Hart',
  'creator.role': 'admin',
  customerCount: 1,
  endsAt: '2026-11-22T10:00:00.000Z',
  expiresAt: '2027-11-20T08:42:00.000Z',
  forAll: false,
  'health.level': 'amber',
  'Health.level': 'amber',
  'reasons.level': 'amber',
  'reasons.text': '6 seats over',
  consentLostAt: null,
  'HealthReason.level': 'amber',
  'HealthReason.text': '6 seats over',
  licensedUserCount: 48,
  'portal.state': 'enabled',
  'Portal.state': 'enabled',
  revokedAt: null,
  startsAt: '2026-11-22T08:00:00.000Z',
  'Customer.state': 'active',
  of: 'customers',
  person: '01m80axhan6s3t9u5d1f7h2j8k4l0p6q3wzx',
  'CustomerExportInput.q': 'fabrikam',
  'CustomerExportInput.ids': '01m80axhan4k7q2v9s1m5xw3e8r6tb0c2dfg',
  'Job.trouble': null,
  tenantCount: 1,
  undoneAt: null,
  undoneBy: null,
  version: 3,
  'Notice.state': 'scheduled',
  'NoticeInput.customerIds': null,
  'SelfServiceInput.approverIds': null,
  'CustomerSelfServiceInput.approverIds': null,
  'ApiKey.name': 'Billing export',
  'ApiKeyInput.name': 'Billing export',
  'NewApiKey.name': 'Billing export',
  'NewApiKey.token':
    'key_7f3kq2.shard-1.01m80axhan4k7q2v9s1m5xw3e8r6tb0c2dfg.dGhpcyBpcyBhbiBleGFtcGxlIG9mIGEgc2VjcmV0LWM',
  'Contact.name': 'Dana Whitfield',
  'ContactInput.name': 'Dana Whitfield',
  'Document.name': 'Contract 2026.pdf',
  'DocumentInput.name': 'Contract 2026.pdf',
  'SharedDocument.name': 'Contract 2026.pdf',
  'Invitation.name': 'Dana Whitfield',
  'StaffMember.name': 'Rosa Calder',
  'StaffMember.email': 'rosa@northwind-it.example',
  'StaffInput.name': 'Rosa Calder',
  'StaffInput.email': 'rosa@northwind-it.example',
  'PasswordReset.name': 'Dana Whitfield',
  'Job.kind': 'tenant.sync',
  'Job.title': 'Sync of a tenant',
  'Organisation.name': 'Northwind IT',
  'OrganisationInput.name': 'Northwind IT',
  'Person.name': 'Dana Whitfield',
  'PortalAdmin.name': 'Dana Whitfield',
  'AccessGrant.startedBy': 'Dana Whitfield',
  'ContactOfAll.customerName': 'Dana Whitfield',
  'Colleague.name': 'Dana Whitfield',
  'ColleagueInput.name': 'Dana Whitfield',
  'PortalAdmin.formerEmail': null,
  portalPrefix: 'fabrikam',
  portalAdminName: 'Dana Whitfield',
  'Problem.detail': 'There is no such customer.',
  'Problem.status': 404,
  'Problem.title': 'Not found',
}

/** When the examples are: whatever in them is still to come is so from here. */
export const EXAMPLE_MOMENT = '2026-11-20T08:42:00.000Z'

const formats: Record<string, string> = {
  'date-time': EXAMPLE_MOMENT,
  date: '2026-11-20',
  email: 'dana@fabrikamdental.example',
  uri: 'https://fabrikamdental.example',
}

/**
 * The document with an example for every parameter, JSON body and answer: at each named shape once, and beside a shape that has no
 * name. Made from the shapes themselves, so that an example cannot fall behind. Throws for a text that nobody has
 * thought of an example for: name it above.
 */
export const withExamples = (document: ApiDocument): ApiDocument => {
  const shapes = (document.components?.schemas ?? {}) as Record<string, Shape>
  const named: Record<string, Shape> = Object.fromEntries(
    Object.entries(shapes).map(([name, shape]) => [name, { ...shape, example: exampleOf(shape, name, [], shapes) }]),
  )
  const contentWith = (content: Content, id: string): Content =>
    Object.fromEntries(
      Object.entries(content).map(([media, one]) => {
        const isNamed = one.schema?.$ref !== undefined
        if (!media.endsWith('json') || one.schema === undefined || isNamed) return [media, one]
        return [media, { ...one, example: exampleOf(one.schema, id, [], shapes) }]
      }),
    )
  const parameterWith = (parameter: Parameter, id: string): Parameter =>
    parameter.example !== undefined || parameter.schema === undefined
      ? parameter
      : { ...parameter, example: exampleOf(parameter.schema, id, [parameter.name], shapes) }
  const operationWith = (operation: Described, id: string): Described => ({
    ...operation,
    ...(operation.parameters === undefined
      ? {}
      : { parameters: operation.parameters.map((one) => parameterWith(one, id)) }),
    ...(operation.requestBody?.content === undefined
      ? {}
      : { requestBody: { ...operation.requestBody, content: contentWith(operation.requestBody.content, id) } }),
    responses: Object.fromEntries(
      Object.entries(operation.responses ?? {}).map(([status, answer]) => [
        status,
        answer.content === undefined ? answer : { ...answer, content: contentWith(answer.content, id) },
      ]),
    ),
  })
  const paths = Object.fromEntries(
    Object.entries(document.paths ?? {}).map(([path, methods]) => [
      path,
      Object.fromEntries(
        Object.entries(methods).map(([method, operation]) => [method, operationWith(operation as Described, path)]),
      ),
    ]),
  )
  return { ...document, paths, components: { ...document.components, schemas: named } }
}

/** `of` is the named shape that it stands in, `path` the fields that lead to it from there. */
const exampleOf = (shape: Shape, of: string, path: string[], shapes: Record<string, Shape>): unknown => {
  if (shape.example !== undefined) return shape.example
  const name = path.at(-1) ?? ''
  const places = [`${of}.${path.join('.')}`, path.slice(-2).join('.'), name]
  const known = places.find((place) => Object.hasOwn(values, place) && suits(shape, values[place]))
  if (known !== undefined) return values[known]
  if (shape.$ref !== undefined) {
    const target = shape.$ref.split('/').at(-1) ?? ''
    const meant = shapes[target]
    if (meant === undefined) throw new Error(`There is no shape "${target}".`)
    return exampleOf(meant, target, [], shapes)
  }
  if (shape.const !== undefined) return shape.const
  if (shape.enum !== undefined) return shape.enum[0]
  const [first] = (shape.anyOf ?? shape.oneOf ?? []).filter(({ type }) => type !== 'null')
  if (first !== undefined) return exampleOf(first, of, path, shapes)
  if (shape.allOf !== undefined)
    return Object.assign({}, ...shape.allOf.map((part) => exampleOf(part, of, path, shapes))) as unknown
  if (shape.type === 'null') return null
  const [type] = [shape.type].flat().filter((one) => one !== 'null')
  switch (type) {
    case 'object':
      return Object.fromEntries(
        Object.entries(shape.properties ?? {}).map(([field, inner]) => [
          field,
          exampleOf(inner, of, [...path, field], shapes),
        ]),
      )
    case 'array':
      return shape.items === undefined ? [] : [exampleOf(shape.items, of, path, shapes)]
    case 'boolean':
      return shape.default ?? true
    case 'integer':
    case 'number':
      return shape.default ?? Math.min(Math.max(12, shape.minimum ?? 0), shape.maximum ?? 12)
    case 'string':
      return formatted(shape, places)
    default:
      // Whatever it is: a text will do.
      return 'Fabrikam Dental'
  }
}

/** Whether a value can stand for a shape as far as its kind goes: a name may mean a text here and an object there. */
const suits = (shape: Shape, value: unknown): boolean => {
  const either = shape.anyOf ?? shape.oneOf
  if (either !== undefined) return either.some((one) => suits(one, value))
  if (shape.enum !== undefined) return shape.enum.includes(value)
  if (shape.$ref !== undefined || shape.const !== undefined || shape.allOf !== undefined) return false
  const types = [shape.type].flat()
  if (value === null) return types.includes('null')
  if (typeof value === 'number') return types.includes('integer') || types.includes('number')
  return types.includes(typeof value)
}

const formatted = ({ format }: Shape, [place]: string[]): string => {
  const said = format === undefined ? undefined : formats[format]
  if (said === undefined) throw new Error(`Say in worker/http/examples.ts what the text "${place}" is, say.`)
  return said
}
