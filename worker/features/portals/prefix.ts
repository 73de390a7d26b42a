export type PrefixCheck =
  | { ok: true; prefix: string }
  | {
      ok: false
      code:
        | 'empty'
        | 'too_short'
        | 'too_long'
        | 'whole_address'
        | 'characters'
        | 'hyphen_edge'
        | 'hyphen_pair'
        | 'reserved'
      detail: string
    }

/** One character is never a company and always a squabble; 63 is where a DNS label ends. */
export const prefixLengths = { min: 2, max: 63 } as const

/**
 * May this be the first part of a portal's address? What people type is trimmed and lower-cased, never otherwise mended.
 * A prefix is one DNS label of letters, digits and hyphens (RFC 1035, 2.3.1; RFC 1123, 2.1).
 * Whether somebody has it already is not known here.
 */
export function checkPrefix(text: string): PrefixCheck {
  const typed = text.trim()
  if (typed === '') return refuse('empty', 'Choose the first part of the address, such as “fabrikam”.')
  // Before lower-casing: some foreign letters, such as the Kelvin sign, become plain ones by it.
  if (/[./:@]/.test(typed)) {
    return refuse('whole_address', 'Only the first part of the address goes here, without dots or slashes.')
  }
  if (!/^[A-Za-z0-9-]+$/.test(typed)) {
    return refuse('characters', 'Use only the letters a to z, digits and hyphens.')
  }
  const prefix = typed.toLowerCase()
  if (prefix.length < prefixLengths.min) return refuse('too_short', `Use at least ${prefixLengths.min} characters.`)
  if (prefix.length > prefixLengths.max) {
    return refuse('too_long', `Use at most ${prefixLengths.max} characters. This has ${prefix.length}.`)
  }
  if (prefix.startsWith('-') || prefix.endsWith('-')) {
    return refuse('hyphen_edge', 'Begin and end with a letter or a digit, not with a hyphen.')
  }
  // Positions 3 and 4 mark encoded names (RFC 5890, 2.3.1): "xn--" would show as letters of another script.
  if (prefix.slice(2, 4) === '--') {
    return refuse('hyphen_pair', 'Two hyphens after the second character have a meaning of their own. Leave one out.')
  }
  if (reserved.has(prefix) || reservedSeries.test(prefix)) {
    return refuse('reserved', `“${prefix}” is kept for the service itself. Choose another.`)
  }
  return { ok: true, prefix }
}

const refuse = (code: Extract<PrefixCheck, { ok: false }>['code'], detail: string): PrefixCheck => ({
  ok: false,
  code,
  detail,
})

const reserved: ReadonlySet<string> = new Set(
  [
    // the service's own hosts, and what they could be called
    'admin administrator api app apps assets auth callback cdn console dashboard docs files img images',
    'login logout media my oauth openid portal portals portico root saml secure security signin sign-in signup sign-up',
    'sso static status support help helpdesk account accounts billing pay payments register password id',
    // mail and name service
    'mail email smtp imap pop pop3 mx ns dns webmail autodiscover autoconfig mta mta-sts relay',
    'enterpriseregistration enterpriseenrollment lyncdiscover sip bounce bounces mailer newsletter',
    // addresses the world writes to (RFC 2142)
    'abuse hostmaster postmaster webmaster noc noreply no-reply info sales marketing contact',
    // names with a meaning to machines
    'www web ftp sftp ssh vpn proxy gateway git localhost localdomain local internal intranet broadcasthost wpad isatap',
    'test testing example invalid demo dev staging stage beta alpha preview sandbox null undefined',
    // names a phisher would like
    'microsoft microsoft365 microsoftonline office office365 azure entra outlook teams sharepoint onedrive windows',
    'google apple amazon cloudflare',
  ].flatMap((line) => line.split(' ')),
)

const reservedSeries = /^(www|ns|mx|mail|smtp|dns|ftp|cdn)\d+$/
