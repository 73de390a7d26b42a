import { z } from 'zod'

/**
 * What Graph sends, as far as Portico reads it. Only an object's own id is demanded: the vendor's description marks nearly
 * every other property as nullable, and an answer may leave out what it likes. Unknown properties are ignored.
 */
const text = z.string().nullish()
const count = z.number().nullish()
const truth = z.boolean().nullish()

export const pageOf = <Item extends z.ZodType>(item: Item) =>
  z.object({ value: z.array(item), '@odata.nextLink': text, '@odata.deltaLink': text })

export const wireUser = z.object({
  id: z.string().min(1),
  '@removed': z.object({ reason: text }).nullish(),
  displayName: text,
  userPrincipalName: text,
  mail: text,
  jobTitle: text,
  department: text,
  businessPhones: z.array(text).nullish(),
  mobilePhone: text,
  userType: text,
  accountEnabled: truth,
  createdDateTime: text,
  assignedLicenses: z.array(z.object({ skuId: text })).nullish(),
})
export type WireUser = z.output<typeof wireUser>

export const wireSignIn = z.object({
  id: z.string().min(1),
  signInActivity: z
    .object({ lastSignInDateTime: text, lastNonInteractiveSignInDateTime: text, lastSuccessfulSignInDateTime: text })
    .nullish(),
})
export type WireSignIn = z.output<typeof wireSignIn>

export const wireManaged = z.object({
  id: z.string().min(1),
  manager: z.object({ id: text }).nullish(),
})
export type WireManaged = z.output<typeof wireManaged>

export const wireMailbox = z.object({
  id: z.string().min(1),
  mailboxSettings: z.object({ userPurpose: text }).nullish(),
})
export type WireMailbox = z.output<typeof wireMailbox>

export const wireGroup = z.object({
  id: z.string().min(1),
  '@removed': z.object({ reason: text }).nullish(),
  displayName: text,
  description: text,
  mail: text,
  mailEnabled: truth,
  securityEnabled: truth,
  groupTypes: z.array(text).nullish(),
  'members@delta': z
    .array(z.object({ id: z.string().min(1), '@odata.type': text, '@removed': z.object({ reason: text }).nullish() }))
    .nullish(),
})
export type WireGroup = z.output<typeof wireGroup>

export const wireOrganisation = z.object({
  displayName: text,
  verifiedDomains: z.array(z.object({ name: text, isDefault: truth, isInitial: truth })).nullish(),
})
export type WireOrganisation = z.output<typeof wireOrganisation>

export const wireSeats = z.object({
  skuId: text,
  skuPartNumber: text,
  capabilityStatus: text,
  appliesTo: text,
  consumedUnits: count,
  prepaidUnits: z.object({ enabled: count, warning: count, suspended: count }).nullish(),
})
export type WireSeats = z.output<typeof wireSeats>

export const wireSubscription = z.object({
  id: text,
  skuId: text,
  skuPartNumber: text,
  status: text,
  totalLicenses: count,
  isTrial: truth,
  nextLifecycleDateTime: text,
})
export type WireSubscription = z.output<typeof wireSubscription>

export const wireSecureScore = z.object({
  createdDateTime: text,
  currentScore: count,
  maxScore: count,
  averageComparativeScores: z.array(z.object({ basis: text, averageScore: count })).nullish(),
  controlScores: z.array(z.object({ controlName: text, score: count })).nullish(),
})
export type WireSecureScore = z.output<typeof wireSecureScore>

export const wireScoreControl = z.object({
  id: text,
  title: text,
  controlCategory: text,
  maxScore: count,
  remediation: text,
  deprecated: truth,
})
export type WireScoreControl = z.output<typeof wireScoreControl>

export const wireAlert = z.object({
  id: text,
  title: text,
  description: text,
  category: text,
  severity: text,
  status: text,
  createdDateTime: text,
  firstActivityDateTime: text,
  lastUpdateDateTime: text,
})
export type WireAlert = z.output<typeof wireAlert>

const wireHealthIssue = z.object({
  title: text,
  status: text,
  isResolved: truth,
  startDateTime: text,
  endDateTime: text,
})
export type WireHealthIssue = z.output<typeof wireHealthIssue>

export const wireHealth = z.object({
  id: text,
  service: text,
  status: text,
  issues: z.array(wireHealthIssue).nullish(),
})
export type WireHealth = z.output<typeof wireHealth>

export const wireServiceIssue = z.object({
  id: text,
  title: text,
  service: text,
  classification: text,
  status: text,
  isResolved: truth,
  startDateTime: text,
  endDateTime: text,
  posts: z.array(z.object({ createdDateTime: text, description: z.object({ content: text }).nullish() })).nullish(),
})
export type WireServiceIssue = z.output<typeof wireServiceIssue>

/** How Graph says no. Some services put the telling code inside `innerError`, in either spelling. */
export const wireError = z.object({
  error: z.object({
    code: text,
    innerError: z.object({ code: text }).nullish(),
    innererror: z.object({ code: text }).nullish(),
  }),
})

export const wireToken = z.object({
  access_token: z.string().min(1),
  expires_in: z.union([z.number(), z.string().regex(/^\d+$/).transform(Number)]).optional(),
})

/** How Entra says no (RFC 6749 section 5.2, with Microsoft's `error_codes`). */
export const wireTokenError = z.object({
  error: z.string(),
  error_description: text,
  error_codes: z.array(z.number()).nullish(),
})
