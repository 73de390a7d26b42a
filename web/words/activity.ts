/** Words of the activity log. */
import type { Activity, ActivityKind, ActivityPerson } from '../api/shapes.ts'
import { requests } from './requests.ts'
import { selfService } from './self-service.ts'
import { bytes, count, date, fullTime, list, money, number, sentence, today } from './format.ts'

type Change = Activity['changes'][number]

export const activity = {
  title: 'Activity',
  lead: 'Everything that was done here, by whom. Nobody can change it.',
  failed: 'The activity could not be loaded',
  loading: 'The activity',
  emptyTitle: 'Nothing has happened yet',
  emptyText: 'Everything done to this customer is written down here: who, what and when. Nobody can change it.',
  emptyTextOfAll: 'Everything that is done here is written down: who, what and when. Nobody can change it.',
  noMatchTitle: 'Nothing matches these filters',
  noMatchText: 'Widen the period, or take a filter off.',
  clear: 'Clear filters',
  more: 'Show earlier',
  system: 'System',
  before: 'Before',
  after: 'After',
  empty: 'empty',
  hidden: 'hidden',
  whole: 'Show all of it',
  changes: (n: number) => count(n, 'change', 'changes'),
  gone: 'a customer that is gone',
  itsHistory: 'what was done to it',
  toCustomer: 'open customer',

  filters: 'Filter the activity',
  person: 'Person',
  anybody: 'Anybody',
  personAs: (kind: ActivityPerson['kind'], name: string) =>
    ({ staff: name, contact: `${name} (contact)`, api_key: `${name} (API key)` })[kind],
  somebody: 'The person chosen',
  kind: 'About',
  anything: 'Anything',
  from: 'From',
  to: 'To',
  onlyThis: (name: string) => `Show only what ${name} did`,
  kinds: {
    customer: 'The customer itself',
    contacts: 'Contacts',
    tenants: 'Tenants',
    sync: 'Syncs',
    portal: 'Portals and logos',
    documents: 'Documents',
    requests: 'Requests',
    tickets: 'Tickets',
    sign_in: 'Sign-ins',
    imports: 'Imports',
    bulk: 'Exports',
    notices: 'Notices',
    settings: 'Settings, staff and API keys',
    jobs: 'Jobs',
  } satisfies Record<ActivityKind, string>,

  /** The day above its entries. */
  day: (at: string, now = new Date()) => {
    const then = new Date(at)
    const yesterday = new Date(now)
    yesterday.setDate(now.getDate() - 1)
    if (then.toDateString() === now.toDateString()) return 'Today'
    if (then.toDateString() === yesterday.toDateString()) return 'Yesterday'
    return then.getFullYear() === now.getFullYear() ? today(then) : date(at)
  },
  /** What somebody did, without their name; the test of actions holds that each action has one. */
  sentence: ({ action, subject, actor }: Pick<Activity, 'action' | 'subject' | 'actor'>) =>
    `${sentences[action]?.(subject.name) ?? `${humanize(action)}: ${subject.name}`}${actor.kind === 'contact' && decisions.has(action) ? ' for the customer' : ''}`,
  /** What was changed, as it is listed: a price is one line, in its currency. */
  lines: (changes: readonly Change[]): Change[] => {
    const price = priceOf(changes)
    return price === undefined
      ? [...changes]
      : changes.flatMap((change) =>
          change === partOf(changes, 'priceMinor') ? [price] : isOfPrice(change) ? [] : [change],
        )
  },
  field: ({ of, field }: Change) => fields[`${of}.${field}`] ?? fields[field] ?? humanize(field),
  value: ({ of, field }: Change, value: unknown): string => inWords(of, field, value),
}

/** What is decided once by the customer’s own admins and once by the MSP. */
const decisions = new Set(['request.approved', 'request.declined'])

export const sentences: Record<string, (name: string) => string> = {
  'customer.created': (name) => `added ${name}`,
  'customer.changed': (name) => `changed ${name}`,
  'customer.archived': (name) => `archived ${name}`,
  'customer.restored': (name) => `brought ${name} back from the archive`,
  'customer.disabled': (name) => `disabled ${name}`,
  'customer.enabled': (name) => `enabled ${name}`,
  'customer.admin_change_undone': (name) => `took back the change of the portal admin of ${name}`,
  'customer.request_forms_changed': (name) => `changed the forms for requests of ${name}`,
  'customer.licence_terms_changed': (name) => `changed what ${name} sees of its licences`,
  'customer.self_service_changed': (name) => `changed what ${name} does by itself`,
  'customer.deleted': (name) => `deleted ${name} for good`,
  'customer.merged': (name) => `merged ${name} into this customer`,
  'customer.merged_into': (name) => `merged this customer into ${name}`,
  'customer.merge_undone': (name) => `undid the merge with ${name}`,
  'imported_customer.created': (name) => `added ${name} by an import`,
  'imported_customer.changed': (name) => `changed ${name} by an import`,
  'imported_customer.removed': (name) => `removed ${name} by undoing an import`,
  'imported_customer.restored': (name) => `undid the import’s changes to ${name}`,
  'customer.created_by_import': (name) => `added ${name} by an import`,
  'customer.changed_by_import': (name) => `changed ${name} by an import`,
  'customer.removed_by_undo': (name) => `removed ${name} by undoing an import`,
  'customer.restored_by_undo': (name) => `gave ${name} its old values back by undoing an import`,
  'customer_import.created': (name) => `prepared an import of ${name}`,
  'customer_import.uploaded': (name) => `uploaded ${name}, to be imported`,
  'customer_import.checked': (name) => `checked the import of ${name}`,
  'customer_import.run': (name) => `began the import of ${name}`,
  'customer_import.undo': (name) => `began to undo the import of ${name}`,
  'customer_import.discarded': (name) => `gave up the import of ${name}`,
  'report.downloaded': (name) => `downloaded a report: ${name}`,
  'portal.reports_changed': (name) => `changed the reports of ${name}`,
  'portal.report_sampled': (name) => `had a sample of the monthly report mailed, as ${name} would read it`,
  'matters.downloaded': (name) => `downloaded a list across customers: ${name}`,
  'customers.exported': (name) => `exported customers: ${name}`,
  'activity.exported': (name) => `exported the activity: ${name}`,
  'tenant.connected': (name) => `connected the tenant ${name}`,
  'tenant.connection_begun': (name) => `began to connect ${name}`,
  'customer.refresh_requested': (name) => `had ${name} read anew`,
  'tenant.sync_requested': (name) => `asked for a sync of ${name}`,
  'tenant.sync_failed': (name) => `could not sync ${name}`,
  'tenant.departures_confirmed': (name) => `confirmed that the people missing from ${name} have left`,
  'tenant.removed': (name) => `disconnected the tenant ${name}`,
  'tenant.consent_lost': (name) => `found that ${name} withdrew its consent`,
  'tenant.app_removed': (name) => `found that the app registration of ${name} was removed`,
  'tenant.health_aged': (name) => `found the health of ${name} changed by time`,
  'tenant.synced': (name) => `synced ${name}`,
  'contact.added': (name) => `added the contact ${name}`,
  'contact.changed': (name) => `changed the contact ${name}`,
  'contact.invited': (name) => `invited ${name} to the portal`,
  'contact.accepted_invitation': () => 'accepted the invitation',
  'contact.accepted_invitation_with_microsoft': () => 'accepted the invitation with Microsoft',
  'contact.signed_in': () => 'signed in to the portal',
  'contact.ticket_mails_changed': () => 'changed of which tickets they get mails',
  'contact.changed_password': () => 'changed their password',
  'contact.asked_for_password': (name) => `asked for a new password for ${name}`,
  'contact.reset_password': () => 'set a new password by a link and signed in',
  'contact.signed_out_elsewhere': () => 'signed out other devices',
  'contact.licences_granted': (name) => `changed the licence permission of ${name}`,
  'contact.invitation_revoked': (name) => `took back the invitation of ${name}`,
  'contact.renewed_invitation': () => 'asked for a new invitation',
  'contact.deleted': () => 'deleted a contact',
  'contact.linked_microsoft': () => 'linked their Microsoft account',
  'contact.unlinked_microsoft': () => 'unlinked their Microsoft account',
  'contact.signed_in_with_microsoft': () => 'signed in to the portal with Microsoft',
  'contact.blocked': (name) => `blocked ${name}`,
  'contact.unblocked': (name) => `let ${name} in again`,
  'contacts.access_granted': (name) => `began to give ${name} access to the portal`,
  'contacts.ordered': (name) => `put the contacts of ${name} into another order`,
  'staff.invited': (name) => `invited ${name} to the team`,
  'staff.invitation_withdrawn': (name) => `took the invitation of ${name} back`,
  'staff.accepted_invitation': () => 'joined the team',
  'staff.role_changed': (name) => `gave ${name} another role`,
  'staff.blocked': (name) => `blocked ${name}`,
  'staff.unblocked': (name) => `let ${name} in again`,
  'staff.signed_in_by_code': () => 'signed in in two steps',
  'staff.two_step_begun': () => 'began to set up two-step verification',
  'staff.two_step_on': () => 'turned two-step verification on',
  'staff.recovery_codes_renewed': () => 'made new recovery codes',
  'staff.two_step_off': () => 'turned two-step verification off',
  'settings.two_step_changed': () => 'changed whether owners and admins must use two-step verification',
  'staff.signed_up': () => 'signed up',
  'staff.signed_in': () => 'signed in',
  'staff.ticket_mails_changed': () => 'changed of which tickets they get mails',
  'staff.changed_password': () => 'changed their password',
  'staff.asked_for_password': (name) => `asked for a new password for ${name}`,
  'staff.reset_password': () => 'set a new password by a link and signed in',
  'staff.signed_out_elsewhere': () => 'signed out other devices',
  'staff.linked_microsoft': () => 'linked their Microsoft account',
  'staff.unlinked_microsoft': () => 'unlinked their Microsoft account',
  'staff.signed_in_with_microsoft': () => 'signed in with Microsoft',
  'portal.viewed_as': (name) => `viewed the portal as ${name}`,
  'portal.created': (name) => `set up the portal ${name}`,
  'portal.changed': (name) => `changed the portal ${name}`,
  'portal.sign_in_changed': (name) => `changed how people first sign in to ${name}`,
  'portal.directory_changed': (name) => `changed what ${name} shows of the directory`,
  'portal.closed': (name) => `closed the portal ${name}`,
  'portal.opened': (name) => `opened the portal ${name}`,
  'portal.address_active': (name) => `made the address ${name} answer`,
  'hostname.added': (name) => `added the host name ${name}`,
  'hostname.removed': (name) => `removed the host name ${name}`,
  'hostname.check_requested': (name) => `asked for a look at the host name ${name}`,
  'hostname.active': (name) => `made the portal open at ${name}`,
  'hostname.waiting': (name) => `found that ${name} only waits for its DNS records`,
  'hostname.in_trouble': (name) => `found trouble with the host name ${name}`,
  'hostname.given_up': (name) => `stopped the portal from opening at ${name}, after a week of trouble`,
  'hostname.made_primary': (name) => `chose ${name} as the address in mails and links`,
  'hostname.primary_ended': (name) => `chose the prefix address instead of ${name} for mails and links`,
  'logo.changed': (name) => `changed the logo of ${name}`,
  'logo.removed': (name) => `removed the logo of ${name}`,
  'document.added': (name) => `added the document ${name}`,
  'document.changed': (name) => `changed the document ${name}`,
  'document.shared': (name) => `shared the document ${name} with the customer`,
  'document.unshared': (name) => `stopped sharing the document ${name}`,
  'document.deleted': (name) => `deleted the document ${name}`,
  'document.restored': (name) => `restored the document ${name}`,
  'document.forgotten': (name) => `removed the document ${name} for good, 30 days after it was deleted`,
  'settings.organisation_changed': () => 'changed the organisation’s settings',
  'settings.brand_changed': () => 'changed the default brand',
  'settings.sign_in_changed': () => 'changed how people first sign in to portals',
  'settings.monthly_report_changed': () => 'changed how monthly reports are mailed',
  'settings.mail_changed': () => 'changed whom mails come from',
  'settings.mail_address_named': (name) => `asked for ${name} to be confirmed as a sender`,
  'settings.mail_address_verified': (name) => `confirmed ${name} as the sender of mails`,
  'settings.mail_address_dropped': (name) => `let mails no longer come from ${name}`,
  'settings.mail_server_changed': (name) => `let mails go through the server ${name}`,
  'settings.mail_server_dropped': (name) => `let mails no longer go through the server ${name}`,
  'settings.microsoft_app_changed': (name) => `let Microsoft show the app registration ${name}`,
  'settings.microsoft_secret_renewed': (name) => `gave the former app registration ${name} a new secret`,
  'settings.microsoft_app_dropped': (name) => `removed the app registration ${name}`,
  'settings.licence_changed': (name) => `changed the name or price of ${name}`,
  'request.submitted': (name) => `asked for ${name}`,
  'request.approved': (name) => `approved ${name}`,
  'request.declined': (name) => `declined ${name}`,
  'request.withdrawn': (name) => `took back ${name}`,
  'request.asked_again': (name) => `was about to approve ${name}, which had changed, so it is asked again`,
  'request.customer_skipped': (name) => `passed ${name} on, as nobody else of the company could approve it`,
  'request.nobody_else': (name) => `approved ${name} alone, as nobody else of the team may`,
  'request.reminded': (name) => `reminded of ${name}`,
  'request.expired': (name) => `let ${name} expire`,
  'request.step_done': (name) => `did a step of ${name}`,
  'request.step_undone': (name) => `took back a step of ${name}`,
  'request.started': (name) => `began with ${name}`,
  'request.reopened': (name) => `opened ${name} again`,
  'request.completed': (name) => `finished ${name}`,
  'ticket.raised': (name) => `wrote the ticket ${name}`,
  'ticket.commented': (name) => `answered in the ticket ${name}`,
  'ticket.closed': (name) => `closed the ticket ${name}`,
  'ticket.reopened': (name) => `opened the ticket ${name} again`,
  'ticket.rated': (name) => `said how the ticket ${name} went`,
  'ticket.watcher_added': (name) => `let somebody follow the ticket ${name}`,
  'ticket.watcher_removed': (name) => `let somebody no longer follow the ticket ${name}`,
  'ticket.answered': (name) => `answered the ticket ${name}`,
  'ticket.noted': (name) => `noted something in the ticket ${name}`,
  'ticket.changed': (name) => `changed the ticket ${name}`,
  'ticket.started': (name) => `began to work on the ticket ${name}`,
  'ticket.waits': (name) => `let the ticket ${name} wait on the customer`,
  'ticket.resolved': (name) => `resolved the ticket ${name}`,
  'ticket.merged': (name) => `merged the ticket ${name} into another one`,
  'settings.self_service_changed': () => 'changed what customers do by themselves',
  'settings.tickets_changed': () => 'changed how tickets are kept',
  'settings.request_forms_changed': () => 'changed the forms for requests',
  'settings.canned_reply_added': (name) => `added the canned reply ${name}`,
  'settings.canned_reply_changed': (name) => `changed the canned reply ${name}`,
  'settings.canned_reply_deleted': (name) => `deleted the canned reply ${name}`,
  'api_key.created': (name) => `made the API key ${name}`,
  'api_key.revoked': (name) => `revoked the API key ${name}`,
  'notice.created': (name) => `published the notice ${name}`,
  'notice.changed': (name) => `changed the notice ${name}`,
  'notice.deleted': (name) => `deleted the notice ${name}`,
  'job.retried': (name) => `retried: ${name}`,
}

const asForAll = { standard: 'As for all customers' }
const asksFor = { ...asForAll, everybody: 'Everybody', portal_admins: 'Portal admins' }
const goesAs = { ...asForAll, off: 'Off', direct: 'Direct', approval: 'Approval required' }
const actionsBySelf = { ...selfService.reads, ...selfService.forms }

/** What people of a customer do by themselves. */
const selfServiceFields = Object.fromEntries([
  ...Object.entries(actionsBySelf).map(([action, name]) => [`self_service.${action}`, name]),
  ...Object.entries(selfService.forms).map(([type, name]) => [`self_service.${type}_askers`, `${name}: who may ask`]),
  ['self_service.customerApproves', 'A portal admin approves first'],
  ['self_service.approverRole', 'Approved by, from this role on'],
  ['self_service.approvers', 'Who approves'],
  ['self_service.waitDays', 'Days until a request expires'],
]) as Record<string, string>
const selfServiceValues: Record<string, Record<string, string>> = {
  ...Object.fromEntries(Object.keys(actionsBySelf).map((action) => [`self_service.${action}`, goesAs])),
  ...Object.fromEntries(Object.keys(selfService.forms).map((type) => [`self_service.${type}_askers`, asksFor])),
  'self_service.customerApproves': asForAll,
  'self_service.approverRole': { ...asForAll, technician: 'Technician', admin: 'Admin', owner: 'Owner' },
  'self_service.approvers': { ...asForAll, everybody: 'Everybody of that role' },
  'self_service.waitDays': asForAll,
}

/** What a field is called, by itself or as a field of one kind of thing; others are read from their name. */
const fields: Record<string, string> = {
  name: 'Name',
  email: 'E-mail',
  psaId: 'PSA id',
  notes: 'Internal notes',
  isPortalUser: 'Portal user',
  isPortalAdmin: 'Portal admin',
  isTheAdmin: 'Named by the customer’s e-mail',
  tokenHash: 'Secret link',
  twoStepRequired: 'Two-step verification required',
  'api_keys.tokenHash': 'Key',
  passwordHash: 'Password',
  temporaryUntil: 'Temporary password until',
  signInPolicy: 'First sign-in',
  passwordSealed: 'Password',
  userName: 'User name',
  licencePermission: 'Licence permission',
  microsoftTenantId: 'Microsoft tenant id',
  microsoftObjectId: 'Microsoft account id',
  microsoftAccount: 'Microsoft account',
  microsoftLinkedAt: 'Linked with Microsoft',
  jobTitle: 'Job title',
  directoryShown: 'Directory shown',
  directoryGuestsShown: 'Guests shown in the directory',
  directoryAttributes: 'Shown in the directory',
  prefix: 'URL prefix',
  host: 'Address',
  homepage: 'External homepage',
  displayName: 'Company display name',
  logoKey: 'Logo',
  addressState: 'Address',
  hostname: 'Host name',
  proofText: 'TXT record',
  entraTenantId: 'Microsoft tenant id',
  byteCount: 'Size',
  mediaType: 'Kind of file',
  sharedWithCustomer: 'Shared with the customer',
  helpPhone: 'Help phone',
  helpEmail: 'Help e-mail',
  helpHours: 'Help hours',
  locale: 'Language and date format',
  mailFromName: 'From name',
  mailReplyTo: 'Replies go to',
  licensedUserCount: 'Licensed users',
  activeUserCount: 'Active users',
  guestCount: 'Guests',
  blockedUserCount: 'Blocked users',
  connectedAt: 'Connected',
  connectedBy: 'Connected by',
  'tickets.assigneeName': 'Looked after by',
  'tickets.requesterName': 'For',
  'tickets.aboutUserName': 'About',
  'tickets.mergedInto': 'Goes on as',
  'ticket_settings.low': 'Lowest priority',
  'ticket_settings.normal': 'Usual priority',
  'ticket_settings.high': 'High priority',
  'ticket_settings.urgent': 'Highest priority',
  'ticket_settings.reopenDays': 'Days in which a ticket may be opened again',
  'notices.shownTo': 'Shown to',
  'skus.ownName': 'Own name',
  'skus.price': 'Price of a seat',
  'skus.priceMinor': 'Price of a seat, in the smallest unit',
  'skus.pricePer': 'Price for each',
  'skus.priceCurrency': 'Currency of the price',
  'licence_terms.usersSee': 'Portal users see licences',
  'licence_terms.usersRequest': 'Portal users may ask for seats',
  'licence_terms.costsShown': 'Costs are shown',
  'licence_terms.prices': 'Own prices',
  'service_requests.type': 'Asked for',
  'service_requests.details': 'What exactly',
  'service_requests.state': 'State',
  'service_requests.decisionReason': 'Reason',
  'service_requests.facts': 'What it depends on',
  'request_steps.done': 'Step',
  'microsoft_apps.clientId': 'Application (client) ID',
  'microsoft_apps.directoryId': 'Directory (tenant) ID',
  'microsoft_apps.clientSecretSealed': 'Client secret',
  'microsoft_apps.expiresOn': 'Secret expires on',
  'tenants.clientId': 'Connected with the app registration',
  'tenants.departures': 'People who are missing',
  'customer_merges.invitedAnew': 'Invited anew',
  'customer_merges.invitationsWithdrawn': 'Invitations withdrawn',
  ticketMails: 'Mails about tickets',
  'portals.reportsShown': 'Reports in the portal',
  'portals.monthlyParts': 'Told in the monthly report',
  monthlySent: 'Monthly report mailed',
  monthlyDay: 'Monthly report leaves on day',
  'msps.monthlyParts': 'Told in the monthly report',
  'portals.monthlyReportFor': 'Monthly report goes to',
  ...selfServiceFields,
  'reports.report': 'Report',
  'reports.from': 'From',
  'reports.to': 'To',
  'customer_exports.q': 'Search',
  'customer_exports.rows': 'Customers',
  'customer_exports.selected': 'Selected',
}

/** What a value is called, by its kind of thing and field. */
const values: Record<string, Record<string, string>> = {
  'customers.state': { active: 'Active', disabled: 'Disabled', archived: 'Archived' },
  'contacts.access': { none: 'No access', invited: 'Invited', active: 'Active', disabled: 'Blocked' },
  'contacts.licencePermission': { none: 'None', view: 'View', modify: 'Modify', admin: 'Admin' },
  'portals.signInPolicy': {
    invitation: 'A link',
    temporary_password: 'A temporary password',
    microsoft_only: 'Microsoft',
  },
  'msps.signInPolicy': {
    invitation: 'A link',
    temporary_password: 'A temporary password',
    microsoft_only: 'Microsoft',
  },
  'portals.directoryAttributes': {
    mail: 'E-mail',
    jobTitle: 'Job title',
    department: 'Department',
    businessPhone: 'Phone',
    mobilePhone: 'Mobile',
    licences: 'Licences',
    signInAllowed: 'Sign-in',
    lastSignIn: 'Last sign-in',
    groups: 'Groups',
    manager: 'Manager',
  },
  'portals.monthlyParts': { people: 'People', licences: 'Licences', renewals: 'Renewals', security: 'Security' },
  'reports.format': { csv: 'CSV', xlsx: 'Excel' },
  'reports.report': {
    users: 'Users',
    licences: 'Licences',
    seats: 'Who holds which licence',
    renewals: 'Renewals',
    changes: 'Changes',
    security: 'Security summary',
  },
  ...selfServiceValues,
  'portals.state': { enabled: 'Open', disabled: 'Closed' },
  'portals.addressState': { preparing: 'Being prepared', active: 'Answers' },
  'tenants.state': {
    connected: 'Connected',
    consent_lost: 'Consent lost',
    app_removed: 'App removed',
    removed: 'Disconnected',
  },
  'documents.category': { contract: 'Contract', runbook: 'Runbook', other: 'Other' },
  'contacts.ticketMails': { all: 'Of every ticket', mine: 'Of their own', none: 'None' },
  'staff.ticketMails': { all: 'Of every ticket', mine: 'Of their own', none: 'None' },
  'staff.role': { owner: 'Owner', admin: 'Admin', technician: 'Technician', viewer: 'Viewer' },
  'customer_exports.format': { csv: 'CSV', xlsx: 'Excel' },
  'account_matters.format': { csv: 'CSV', xlsx: 'Excel' },
  'skus.pricePer': { month: 'Month', year: 'Year' },
  'service_requests.type': requests.type,
  'service_requests.state': requests.staffState,
  'notices.kind': { info: 'Information', warning: 'Warning' },
  'activity_exports.format': { csv: 'CSV', xlsx: 'Excel' },
}

function inWords(of: string, field: string, value: unknown): string {
  if (value === null || value === undefined || value === '') return activity.empty
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  if (typeof value === 'number') {
    if (field.endsWith('At')) return fullTime(new Date(value).toISOString())
    return field === 'byteCount' ? bytes(value) : number(value)
  }
  if (typeof value === 'string') return values[`${of}.${field}`]?.[value] ?? value
  if (Array.isArray(value) && value.every(isPrice))
    return value.length === 0 ? activity.empty : list(value.map(priceInWords))
  if (Array.isArray(value))
    return value.length === 0 ? activity.empty : list(value.map((one) => inWords(of, field, one)))
  // An id says nothing where the name it had stands beside it.
  const named = new Set(Object.keys(value))
  return Object.entries(value)
    .filter(([name]) => !name.endsWith('Id') || !named.has(`${name.slice(0, -2)}Name`))
    .map(([name, one]) => `${parts[name] ?? humanize(name)}: ${inWords(of, name, one)}`)
    .join('; ')
}

/** What parts of a value are called. */
const parts: Record<string, string> = {
  skuName: 'Licence',
  tenantName: 'Environment',
  moreSeats: 'More seats',
  boughtCount: 'Bought so far',
}

const isOfPrice = ({ of, field }: Change): boolean =>
  of === 'skus' && (field === 'priceMinor' || field === 'pricePer' || field === 'priceCurrency')
const partOf = (changes: readonly Change[], part: string): Change | undefined =>
  changes.find(({ of, field }) => of === 'skus' && field === part)

/** Undefined where something else was changed, or where it is not said in which currency. */
const priceOf = (changes: readonly Change[]): Change | undefined => {
  const [amount, per, currency] = ['priceMinor', 'pricePer', 'priceCurrency'].map((part) => partOf(changes, part))
  if (amount === undefined || per === undefined || currency === undefined) return undefined
  const side = (minor: unknown, period: unknown, code: unknown) =>
    typeof minor === 'number' && typeof period === 'string' && typeof code === 'string'
      ? `${money(minor, code)} a ${period}`
      : null
  return {
    of: 'skus',
    field: 'price',
    before: side(amount.before, per.before, currency.before),
    after: side(amount.after, per.after, currency.after),
  }
}

type NamedPrice = { licence: string; amountMinor: number; per: string; currency: string }

const isPrice = (value: unknown): value is NamedPrice =>
  typeof value === 'object' && value !== null && 'licence' in value && 'amountMinor' in value && 'currency' in value

const priceInWords = ({ licence, amountMinor, per, currency }: NamedPrice): string =>
  `${licence} ${money(amountMinor, currency)} a ${per}`

/** "portal.logo_set" → "Portal logo set", "displayName" → "Display name" */
function humanize(name: string): string {
  return sentence(
    name
      .replaceAll(/[._-]+/g, ' ')
      .replaceAll(/([a-z])([A-Z])/g, '$1 $2')
      .toLowerCase(),
  )
}
