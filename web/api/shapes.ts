/** The wire shapes pages speak of, by the names of the API document. */
import type { components, operations } from './schema.d.ts'

type Schemas = components['schemas']

export type Invitation = Schemas['Invitation']
export type MicrosoftLink = Schemas['MicrosoftLink']
export type PasswordReset = Schemas['PasswordReset']
export type StaffMember = Schemas['StaffMember']
export type StaffInput = Schemas['StaffInput']
export type CodeNeeded = Schemas['CodeNeeded']
export type TwoStep = Schemas['TwoStep']
export type TwoStepSetup = Schemas['TwoStepSetup']
export type TwoStepRequirement = Schemas['TwoStepRequirement']
export type SignUpInput = Schemas['SignUpInput']
export type AskedSignUp = Schemas['AskedSignUp']
export type OpenSession = Schemas['OpenSession']
export type Dashboard = Schemas['Dashboard']
export type PersonChange = NonNullable<Dashboard['people']>['changes'][number]
export type ChangeKind = PersonChange['kind']
export type ServiceState = NonNullable<Dashboard['health']>['services'][number]['state']

export type Report = Schemas['Report']
export type ReportKind = Report['report']
export type ReportSettings = Schemas['ReportSettings']
export type ReportSettingsInput = Schemas['ReportSettingsInput']
export type ReportSample = Schemas['ReportSample']
export type Health = Schemas['Health']
export type HealthLevel = Health['level']
export type CustomerSummary = Schemas['CustomerSummary']
export type Customer = Schemas['Customer']
export type CustomerInput = Schemas['CustomerInput']
export type CustomerCreation = Schemas['CustomerCreation']
export type CustomersAlike = Schemas['CustomersAlike']
export type CustomerQuery = NonNullable<operations['listCustomers']['parameters']['query']>
export type CustomerSort = NonNullable<CustomerQuery['sort']>
export type CustomerExportInput = Schemas['CustomerExportInput']
export type CustomerList = operations['listCustomers']['responses'][200]['content']['application/json']

export type Tenant = Schemas['Tenant']
export type EarlierTenant = Schemas['EarlierTenant']
export type SyncStep = NonNullable<Tenant['sync']>['step']

export type DirectoryUser = Schemas['DirectoryUser']
export type DirectoryList = Schemas['DirectoryList']
export type DirectoryEntry = Schemas['DirectoryEntry']
export type DirectoryQuery = NonNullable<operations['listDirectory']['parameters']['query']>
export type DirectoryAttribute = DirectoryList['shows'][number]
export type TenantOfDirectory = Schemas['TenantOfDirectory']
export type PortalDirectory = Schemas['PortalDirectory']
export type CustomerUser = Schemas['CustomerUser']
export type CustomerUserList = Schemas['CustomerUserList']
export type CustomerUserEntry = Schemas['CustomerUserEntry']

export type Security = Schemas['Security']
export type SecurityScore = NonNullable<Schemas['SecurityScore']>
export type ScoreControl = Schemas['ScoreControl']
export type SecurityAlert = Schemas['SecurityAlert']
export type ServiceHealth = Schemas['ServiceHealth']
export type ServiceIssue = Schemas['ServiceIssue']
export type ServiceIssueList = Schemas['ServiceIssueList']
export type UserChange = Schemas['UserChange']
export type UserChangeList = Schemas['UserChangeList']

export type Contact = Schemas['Contact']
export type ContactInput = Schemas['ContactInput']
export type SignInSettings = Schemas['SignInSettings']
export type SignInPolicy = SignInSettings['policy']
export type PortalRole = Contact['roles'][number]

export type ContactOfAll = Schemas['ContactOfAll']
export type AccessGrant = Schemas['AccessGrant']
export type Workspace = Schemas['Workspace']
export type WidgetKind = Workspace['widgets'][number]
export type Colleague = Schemas['Colleague']
export type ColleagueInput = Schemas['ColleagueInput']

export type Portal = Schemas['Portal']
export type PortalSettings = Schemas['PortalSettings']
export type Hostname = Schemas['Hostname']
export type HostnameList = Schemas['HostnameList']
export type HostnameReason = Hostname['steps'][number]['reason']
export type MailServer = NonNullable<Schemas['MailServer']>
export type MailServerInput = Schemas['MailServerInput']
export type MailTrial = Schemas['MailTrial']
export type MicrosoftSettings = Schemas['MicrosoftSettings']
export type MicrosoftAppInput = Schemas['MicrosoftAppInput']
export type FormerMicrosoftApp = Schemas['FormerMicrosoftApp']
export type MicrosoftTrial = Schemas['MicrosoftTrial']
export type Brand = Schemas['Brand']
export type BrandInput = Schemas['BrandInput']
export type Logo = NonNullable<Schemas['Logo']>
export type Tone = Schemas['Tone']
export type Tones = Schemas['Tones']

export type Document = Schemas['Document']
export type DocumentInput = Schemas['DocumentInput']
export type DocumentCategory = Document['category']
export type DocumentQuery = NonNullable<operations['listDocuments']['parameters']['query']>
export type DocumentSort = NonNullable<DocumentQuery['sort']>
export type SharedDocument = Schemas['SharedDocument']

export type Merge = Schemas['CustomerMerge']
export type MergeInput = Schemas['CustomerMergeInput']
export type MergePreview = Schemas['CustomerMergePreview']
export type MergeField = MergePreview['fields'][number]['field']

export type Activity = Schemas['Activity']
export type ActivityExportInput = Schemas['ActivityExportInput']
export type ActivityKind = NonNullable<ActivityExportInput['kind']>
export type ActivityPerson = Schemas['ActivityPeople']['items'][number]
export type Job = Schemas['Job']
export type JobQuery = NonNullable<operations['listJobs']['parameters']['query']>
export type Notice = Schemas['Notice']
export type NoticeInput = Schemas['NoticeInput']
export type NoticeSummary = Schemas['NoticeSummary']
export type NoticeInPortal = Schemas['NoticeInPortal']

export type ApiKey = Schemas['ApiKey']
export type ApiKeyInput = Schemas['ApiKeyInput']
export type NewApiKey = Schemas['NewApiKey']
export type ApiScope = ApiKey['scopes'][number]
/** What a scope is about: `customers` of `customers:read`. */
export type ApiArea = ApiScope extends `${infer Area}:${string}` ? Area : never
export type Organisation = Schemas['Organisation']
export type OrganisationInput = Schemas['OrganisationInput']
export type MailSender = Schemas['MailSender']
export type MailSenderInput = Schemas['MailSenderInput']

export type CustomerImport = Schemas['CustomerImport']
export type CustomerImportRow = Schemas['CustomerImportRow']
export type CustomerImportRowInput = Schemas['CustomerImportRowInput']
export type ImportRowQuery = NonNullable<operations['listCustomerImportRows']['parameters']['query']>
export type ImportDecision = CustomerImportRow['decision']
export type ImportField = keyof CustomerImportRow['values']

export type PortalLicences = Schemas['PortalLicences']
export type CustomerLicences = Schemas['CustomerLicences']
export type Licence = Schemas['Licence']
export type Renewal = Schemas['Renewal']
export type LicenceCosts = Schemas['LicenceCosts']
export type SeatHolder = Schemas['SeatHolder']
export type SeatHolderList = Schemas['SeatHolderList']
export type Refresh = Schemas['Refresh']
export type Matters = Schemas['Matters']
export type Matter = Schemas['Matter']
export type MatterList = Schemas['MatterList']
export type MatterKind = NonNullable<NonNullable<operations['listAccountMatters']['parameters']['query']>['kind']>
export type LicenceUsage = Schemas['LicenceUsage']
export type LicenceTerms = Schemas['LicenceTerms']
export type LicenceTermsInput = Schemas['LicenceTermsInput']
export type KnownSku = Schemas['KnownSku']
export type KnownSkus = Schemas['KnownSkus']
export type SkuInput = Schemas['SkuInput']
export type ServiceRequest = Schemas['ServiceRequest']
export type ServiceRequestInput = Schemas['ServiceRequestInput']

export type TicketFile = Schemas['TicketFile']
export type TicketEntry = Schemas['TicketEntry']
export type TicketEvent = NonNullable<TicketEntry['event']>
export type TicketState = Schemas['PortalTicket']['state']
export type TicketPriority = Schemas['PortalTicket']['priority']['key']
export type TicketRating = NonNullable<Schemas['PortalTicket']['rating']>['rating']
export type TicketOptions = Schemas['TicketOptions']
export type PortalTicket = Schemas['PortalTicket']
export type PortalTicketEntry = Schemas['PortalTicketEntry']
export type PortalTicketList = Schemas['PortalTicketList']
export type PortalTicketQuery = NonNullable<operations['listTickets']['parameters']['query']>
export type RaiseTicketInput = Schemas['RaiseTicketInput']
export type StaffTicket = Schemas['StaffTicket']
export type StaffTicketSummary = Schemas['StaffTicketSummary']
export type StaffTicketList = Schemas['StaffTicketList']
export type StaffTicketInput = Schemas['StaffTicketInput']
export type StaffTicketOptions = Schemas['StaffTicketOptions']
export type StaffTicketQuery = NonNullable<operations['listStaffTickets']['parameters']['query']>
export type TicketView = NonNullable<StaffTicketQuery['view']>
export type TicketChangeInput = Schemas['TicketChangeInput']
export type TicketAnswerInput = Schemas['TicketAnswerInput']
export type TicketSettings = Schemas['TicketSettings']
export type TicketSettingsInput = Schemas['TicketSettingsInput']
export type CannedReply = Schemas['CannedReply']
export type CannedReplyInput = Schemas['CannedReplyInput']
export type FilledCannedReply = Schemas['FilledCannedReplies']['items'][number]
