import { GraphError } from './graph-error.ts'
import type { Person } from './people.ts'

type UserResource = Record<string, unknown> & { id: string }

/** What Graph answers about a user when nothing is selected. */
const defaultProperties = [
  'businessPhones',
  'displayName',
  'givenName',
  'jobTitle',
  'mail',
  'mobilePhone',
  'officeLocation',
  'preferredLanguage',
  'surname',
  'userPrincipalName',
] as const

const properties: Record<string, (person: Person) => unknown> = {
  id: (person) => person.id,
  displayName: (person) => person.displayName,
  givenName: (person) => person.givenName,
  surname: (person) => person.surname,
  userPrincipalName: (person) => person.userPrincipalName,
  mail: (person) => person.mail,
  mailNickname: (person) => person.mailNickname,
  jobTitle: (person) => person.jobTitle,
  department: (person) => person.department,
  officeLocation: (person) => person.officeLocation,
  businessPhones: (person) => person.businessPhones,
  mobilePhone: (person) => person.mobilePhone,
  preferredLanguage: (person) => person.preferredLanguage,
  usageLocation: (person) => person.usageLocation,
  userType: (person) => person.userType,
  accountEnabled: (person) => person.accountEnabled,
  createdDateTime: (person) => person.createdDateTime,
  assignedLicenses: (person) => person.skuIds.map((skuId) => ({ disabledPlans: [], skuId })),
  onPremisesSyncEnabled: () => null,
  companyName: () => null,
  employeeId: () => null,
  otherMails: () => [],
  proxyAddresses: (person) => (person.mail === null ? [] : [`SMTP:${person.mail}`]),
  signInActivity: (person) => ({
    lastSignInDateTime: person.lastSignInDateTime,
    lastSignInRequestId: person.lastSignInDateTime === null ? null : person.id,
    lastNonInteractiveSignInDateTime: person.lastSignInDateTime,
    lastNonInteractiveSignInRequestId: person.lastSignInDateTime === null ? null : person.id,
    lastSuccessfulSignInDateTime: person.lastSignInDateTime,
    lastSuccessfulSignInRequestId: person.lastSignInDateTime === null ? null : person.id,
  }),
}

/** The names in a `$select`, checked; undefined when the parameter is absent. */
export function parseSelect(parameter: string | null): string[] | undefined {
  if (parameter === null || parameter.trim() === '') return undefined
  const names = parameter.split(',').map((name) => name.trim())
  for (const name of names) {
    if (properties[name] === undefined) {
      throw new GraphError(
        400,
        'Request_BadRequest',
        `Could not find a property named '${name}' on type 'microsoft.graph.user'.`,
      )
    }
  }
  return names
}

/** The one relationship that may be expanded, with no more of them than who they are. */
export function parseExpand(parameter: string | undefined): 'manager' | undefined {
  if (parameter === undefined) return undefined
  if (parameter === 'manager($select=id)') return 'manager'
  throw new GraphError(400, 'Request_BadRequest', `The sandbox does not expand '${parameter}'.`)
}

/** A user as `/users` answers: every selected property, null when empty. The id always comes along. */
export function userResource(person: Person, select: string[] | undefined): UserResource {
  const resource: UserResource = { id: person.id }
  for (const name of select ?? defaultProperties) resource[name] = properties[name]?.(person) ?? null
  return resource
}

/** A user as `/users/delta` answers: a property that was never set is left out altogether. */
export function deltaResource(person: Person, select: string[] | undefined): UserResource {
  const resource: UserResource = { id: person.id }
  for (const name of select ?? defaultProperties) {
    const value = properties[name]?.(person)
    if (value !== null && value !== undefined) resource[name] = value
  }
  return resource
}
