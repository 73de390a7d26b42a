import { ConnectorFault, NotTold, type FaultKind } from '../connector.ts'
import { wireError, wireTokenError } from './wire.ts'

/** How Graph and Entra fail, in words that staff can act on. Nothing here repeats what the vendor wrote but its own error codes. */

export const vendor = 'Microsoft 365'

/** A refusal that came over HTTP: besides its meaning it keeps what the vendor said, for readers that know better. */
export class GraphFault extends ConnectorFault {
  readonly status: number
  readonly codes: string[]

  constructor(
    kind: FaultKind,
    message: string,
    answer: { status: number; codes: string[]; retryAfterSeconds: number | undefined },
  ) {
    super(kind, vendor, message, answer.retryAfterSeconds)
    this.status = answer.status
    this.codes = answer.codes
  }
}

export type Refusal = {
  status: number
  /** The body as it came; may be anything. */
  body: string
  retryAfterSeconds: number | undefined
}

/** @param permission what Entra calls the permission that this reading needs, such as `User.Read.All` */
export function graphFault(refusal: Refusal, permission: string): GraphFault {
  const codes = errorCodesOf(refusal.body)
  const { kind, message } = meaningOf(refusal.status, permission)
  const named = codes.length > 0 ? `${message} (${codes.join(', ')})` : message
  return new GraphFault(kind, named, { status: refusal.status, codes, retryAfterSeconds: refusal.retryAfterSeconds })
}

/**
 * Whether a page or delta token is no longer good. "Use delta query", section Synchronization reset: 410, or a 40x with
 * `syncStateNotFound`; the directory's own word for an old page token is `Directory_ExpiredPageToken`.
 */
export function isExpiredCursor(fault: { status: number; codes: string[] }): boolean {
  if (fault.status === 410) return true
  return fault.status >= 400 && fault.status < 500 && fault.codes.some((code) => expiredCodes.has(code.toLowerCase()))
}

/** @param isOwnApp whether the credentials are the MSP's own, which it renews itself, or the deployment's */
export function tokenFault(refusal: Refusal, isOwnApp = false): GraphFault {
  const said = wireTokenError.safeParse(jsonOf(refusal.body))
  const numbers = said.success ? errorNumbersOf(said.data.error_description, said.data.error_codes) : []
  const answer = {
    status: refusal.status,
    codes: numbers.map((number) => `AADSTS${number}`),
    retryAfterSeconds: refusal.retryAfterSeconds,
  }
  const named = (message: string) => (answer.codes.length > 0 ? `${message} (${answer.codes.join(', ')})` : message)

  if (refusal.status === 429)
    return new GraphFault('throttled', named('Microsoft asked Portico to slow down when it signed in.'), answer)
  if (refusal.status >= 500 || refusal.status === 408) {
    return new GraphFault(
      'down',
      named(`Microsoft's sign-in service does not work at the moment (status ${refusal.status}).`),
      answer,
    )
  }
  if (said.success && said.data.error === 'temporarily_unavailable') {
    return new GraphFault('down', named("Microsoft's sign-in service does not work at the moment."), answer)
  }
  const refusals = isOwnApp ? [...ownAppRefusals, ...signInRefusals] : signInRefusals
  const known = refusals.find((refused) => numbers.some((number) => refused.numbers.includes(number)))
  if (known !== undefined) return new GraphFault(known.kind, named(known.words), answer)
  if (said.success && refusedErrors.has(said.data.error)) {
    return new GraphFault('unauthorized', named('Microsoft refused to let Portico into this tenant.'), answer)
  }
  if (refusal.status === 401 || refusal.status === 403) {
    return new GraphFault('unauthorized', named('Microsoft refused to let Portico into this tenant.'), answer)
  }
  return new GraphFault(
    'rejected',
    named(`Microsoft's sign-in service did not understand Portico (status ${refusal.status}).`),
    answer,
  )
}

/**
 * Whether a refusal says in so many words that the application is not, or no longer, part of the tenant ("Microsoft
 * Entra authentication and authorization error codes"; Graph's own word for a removed application). Any other refusal
 * may be a hiccup of theirs.
 */
export function saysConsentIsGone(fault: unknown): boolean {
  return fault instanceof GraphFault && fault.kind === 'unauthorized' && fault.codes.some((code) => goneCodes.has(code))
}

/**
 * What it means that a part is refused which a tenant may well not let us read: "signInActivity" without Entra ID P1 is
 * refused with a code of its own, a permission that was not given with 403. Anything else is a fault like any.
 */
export function asNotTold(fault: unknown): unknown {
  if (!(fault instanceof GraphFault)) return fault
  if (fault.codes.some((code) => code === 'Authentication_RequestFromNonPremiumTenantOrB2CTenant'))
    return new NotTold(
      'licence',
      vendor,
      `The licences of this tenant do not include this. (${fault.codes.join(', ')})`,
    )
  return fault.status === 403 ? new NotTold('permission', vendor, fault.message) : fault
}

/**
 * Whether a refusal is Exchange's, which an access policy of the tenant may make of some mailboxes alone ("Role Based Access Control for
 * Applications in Exchange Online"); it says the same of all of them where the permission is missing.
 */
export function isOfOneMailbox(fault: unknown): boolean {
  return fault instanceof GraphFault && fault.status === 403 && fault.codes.includes('ErrorAccessDenied')
}

const goneCodes = new Set([
  'AADSTS65001',
  'AADSTS700016',
  'AADSTS700011',
  'AADSTS7000112',
  'Authorization_IdentityNotFound',
])

const expiredCodes = new Set(['syncstatenotfound', 'syncstateinvalid', 'resyncrequired', 'directory_expiredpagetoken'])

const consentNeeded =
  'A global administrator of the customer has to give Portico consent (again): it is not, or no longer, part of this tenant.'

/**
 * What Microsoft's numbers mean ("Microsoft Entra authentication and authorization error codes"), the first that fits.
 * Only `unauthorized` may come to be read as consent withdrawn, so whatever the customer's administrator would not mend
 * by giving consent again is something else.
 */
const signInRefusals: readonly { numbers: readonly number[]; kind: FaultKind; words: string }[] = [
  {
    numbers: [7000215, 7000222, 70002],
    kind: 'rejected',
    words: "Microsoft refused Portico's own credentials. Whoever runs Portico has to renew the application's secret.",
  },
  { numbers: [65001, 700016, 700011, 500011, 650056], kind: 'unauthorized', words: consentNeeded },
  {
    numbers: [7000112, 70001],
    kind: 'unauthorized',
    words:
      'Portico is switched off in this tenant. An administrator of the customer has to switch the application on again.',
  },
  {
    numbers: [53003, 50131, 530035],
    kind: 'rejected',
    words:
      'The customer’s own sign-in rules (Conditional Access) keep Portico out of this tenant. Ask their administrator to find the application in Entra’s sign-in log, under service principals, and to exclude it from the rule that blocks it.',
  },
  {
    numbers: [90002, 900023],
    kind: 'missing',
    words:
      'Microsoft does not know this tenant. Ask the customer whether it was deleted; if it was, remove it here and connect the one they use now.',
  },
  {
    numbers: [90038, 900432],
    kind: 'missing',
    words: 'This tenant lives in a national cloud of Microsoft’s, which Portico does not reach. Remove it here.',
  },
  {
    numbers: [50196, 90055],
    kind: 'throttled',
    words: 'Microsoft asked Portico to slow down when it signed in.',
  },
  {
    numbers: [50033, 90006, 90012, 90024, 90033, 90090, 90091],
    kind: 'down',
    words: "Microsoft's sign-in service does not work at the moment.",
  },
]

/** The same where the MSP itself can mend it. */
const ownAppRefusals: typeof signInRefusals = [
  {
    numbers: [7000222],
    kind: 'rejected',
    words:
      'The client secret of your app registration has expired. Make a new one in Entra, and enter it under Settings → Microsoft.',
  },
  {
    numbers: [7000215, 70002],
    kind: 'rejected',
    words:
      'Microsoft does not take the client secret of your app registration. Enter its value anew under Settings → Microsoft.',
  },
]

/** RFC 6749 section 5.2 and OpenID Connect Core 3.1.2.6: refusals, as against requests that were not understood. */
const refusedErrors = new Set([
  'unauthorized_client',
  'invalid_client',
  'invalid_grant',
  'access_denied',
  'consent_required',
  'interaction_required',
])

function meaningOf(status: number, permission: string): { kind: FaultKind; message: string } {
  if (status >= 300 && status < 400) {
    return { kind: 'rejected', message: 'Microsoft 365 pointed to another address, which Portico does not follow.' }
  }
  if (status === 401)
    return { kind: 'unauthorized', message: 'Microsoft 365 did not accept how Portico signed in to this tenant.' }
  if (status === 403) {
    return {
      kind: 'unauthorized',
      message: `Microsoft 365 does not let Portico read this. Either the permission ${permission} has not been given in this tenant, or its licences do not include it.`,
    }
  }
  if (status === 404) return { kind: 'missing', message: 'Microsoft 365 does not have what Portico asked for.' }
  if (status === 408 || status >= 500)
    return { kind: 'down', message: `Microsoft 365 does not work at the moment (status ${status}).` }
  if (status === 429) return { kind: 'throttled', message: 'Microsoft 365 asked Portico to slow down.' }
  return { kind: 'rejected', message: `Microsoft 365 refused what Portico asked for (status ${status}).` }
}

function errorCodesOf(body: string): string[] {
  const said = wireError.safeParse(jsonOf(body))
  if (!said.success) return []
  const { code, innerError, innererror } = said.data.error
  const codes = [code, innerError?.code, innererror?.code].filter((one) => typeof one === 'string')
  // A code is one word; anything else is prose, which may name people.
  return [...new Set(codes.filter((one) => /^[\w.-]{1,80}$/.test(one)))]
}

function errorNumbersOf(description: string | null | undefined, numbers: number[] | null | undefined): number[] {
  const named = [...(description ?? '').matchAll(/\bAADSTS(\d{4,9})\b/g)].map((match) => Number(match[1]))
  return [...new Set([...(numbers ?? []), ...named])]
}

function jsonOf(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    return undefined
  }
}
