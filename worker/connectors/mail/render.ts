export type MailBrand = {
  displayName: string
  /** `#rrggbb`, with `onPrimaryColour` readable on it. */
  primaryColour: string
  onPrimaryColour: string
  logoUrl?: string
}

export type MailContent = {
  brand: MailBrand
  /** Whom to turn to, such as "Questions? Call 01632 960 100." */
  helpLine: string
  heading: string
  /** Plain text; a line break stays one. */
  paragraphs: string[]
  /** The one thing to do. */
  action?: { label: string; url: string }
  /** Small print, such as why this mail came. */
  footer: string[]
}

/**
 * One mail as plain text and as HTML. The HTML is tables and inline styles, since Outlook draws with Word; colours for dark screens
 * are a style block that mail programs without it leave out. The brand's colour is never text on white: it need not be readable there.
 * @throws TypeError for a colour that is not `#rrggbb` or an address that is not http(s)
 */
export function renderMail(content: MailContent): { text: string; html: string } {
  const primary = colour(content.brand.primaryColour)
  const onPrimary = colour(content.brand.onPrimaryColour)
  const action =
    content.action === undefined ? undefined : { label: content.action.label, url: webAddress(content.action.url) }
  return { text: plainText(content, action), html: page(content, { primary, onPrimary, action }) }
}

type Action = { label: string; url: string } | undefined

function plainText(content: MailContent, action: Action): string {
  const parts = [
    content.heading,
    ...content.paragraphs,
    ...(action === undefined ? [] : [`${action.label}:\n${action.url}`]),
    content.helpLine,
    [content.brand.displayName, ...content.footer].join('\n'),
  ]
  return `${parts
    .map((part) => clean(part).trim())
    .filter((part) => part !== '')
    .join('\n\n')}\n`
}

const font = "-apple-system, BlinkMacSystemFont, 'Segoe UI', Roboto, Helvetica, Arial, sans-serif"
const ink = '#1d2430'
const quiet = '#5b6472'

function page(content: MailContent, look: { primary: string; onPrimary: string; action: Action }): string {
  const { brand, heading, paragraphs, helpLine, footer } = content
  return `<!doctype html>
<html lang="en" xmlns="http://www.w3.org/1999/xhtml">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<meta name="format-detection" content="telephone=no, date=no, address=no, email=no">
<title>${escape(heading)}</title>
<!--[if mso]><style>* { font-family: Arial, sans-serif !important; }</style><![endif]-->
<style>
:root { color-scheme: light dark; supported-color-schemes: light dark; }
@media (max-width: 620px) { .inside { padding-left: 24px !important; padding-right: 24px !important; } }
@media (prefers-color-scheme: dark) {
  .ground { background-color: #14171c !important; }
  .card { background-color: #1e232b !important; }
  .ink { color: #eef0f3 !important; }
  .quiet { color: #a8b0bc !important; }
  .line { border-color: #343b46 !important; }
}
</style>
</head>
<body class="ground" style="margin:0;padding:0;background-color:#f3f4f6;-webkit-text-size-adjust:100%;">
<div style="display:none;max-height:0;overflow:hidden;mso-hide:all;">${escape(paragraphs[0] ?? heading)}</div>
<table role="presentation" class="ground" width="100%" cellpadding="0" cellspacing="0" border="0" style="background-color:#f3f4f6;">
<tr><td align="center" style="padding:32px 12px;">
<!--[if mso]><table role="presentation" width="600" cellpadding="0" cellspacing="0" border="0"><tr><td><![endif]-->
<table role="presentation" class="card" width="100%" cellpadding="0" cellspacing="0" border="0" style="max-width:600px;background-color:#ffffff;border-radius:12px;">
<tr><td height="6" bgcolor="${look.primary}" style="height:6px;line-height:6px;font-size:0;background-color:${look.primary};border-radius:12px 12px 0 0;">&nbsp;</td></tr>
<tr><td class="inside" style="padding:32px 40px 0;">${masthead(brand)}</td></tr>
<tr><td class="inside" style="padding:28px 40px 0;"><h1 class="ink" style="margin:0;font-family:${font};font-size:24px;line-height:32px;font-weight:600;color:${ink};">${lines(heading)}</h1></td></tr>
${paragraphs.map(paragraph).join('\n')}
${look.action === undefined ? '' : button(look.action, look)}
<tr><td class="inside" style="padding:28px 40px 32px;"><table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0"><tr><td class="line quiet" style="border-top:1px solid #e4e7eb;padding-top:20px;font-family:${font};font-size:14px;line-height:22px;color:${quiet};">${lines(helpLine)}</td></tr></table></td></tr>
</table>
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" style="max-width:600px;">
<tr><td class="inside quiet" align="center" style="padding:20px 40px 0;font-family:${font};font-size:12px;line-height:18px;color:${quiet};">${[brand.displayName, ...footer].map(lines).join('<br>')}</td></tr>
</table>
<!--[if mso]></td></tr></table><![endif]-->
</td></tr>
</table>
</body>
</html>
`
}

/** A mail program that does not load pictures shows the name in the picture's place. */
function masthead(brand: MailBrand): string {
  const name = escape(brand.displayName)
  const style = `font-family:${font};font-size:17px;line-height:24px;font-weight:600;color:${ink};`
  if (brand.logoUrl === undefined) return `<span class="ink" style="${style}">${name}</span>`
  return `<img class="ink" src="${escape(webAddress(brand.logoUrl))}" alt="${name}" height="40" style="display:block;height:40px;max-width:240px;border:0;${style}">`
}

function paragraph(text: string): string {
  return `<tr><td class="inside ink" style="padding:16px 40px 0;font-family:${font};font-size:16px;line-height:25px;color:${ink};">${lines(text)}</td></tr>`
}

/** Outlook knows no padding on a link, so there the coloured cell has it (`mso-padding-alt`). The address follows in full, for those who copy it. */
function button(action: { label: string; url: string }, look: { primary: string; onPrimary: string }): string {
  const url = escape(action.url)
  return `<tr><td class="inside" style="padding:28px 40px 0;"><table role="presentation" cellpadding="0" cellspacing="0" border="0"><tr><td bgcolor="${look.primary}" style="background-color:${look.primary};border-radius:8px;mso-padding-alt:13px 26px;"><a href="${url}" style="display:inline-block;padding:13px 26px;border-radius:8px;font-family:${font};font-size:16px;line-height:22px;font-weight:600;color:${look.onPrimary};text-decoration:none;"><span style="color:${look.onPrimary};">${escape(action.label)}</span></a></td></tr></table></td></tr>
<tr><td class="inside quiet" style="padding:20px 40px 0;font-family:${font};font-size:13px;line-height:20px;color:${quiet};">If the button does not work, copy this address into your browser:<br><a class="quiet" href="${url}" style="color:${quiet};word-break:break-all;">${url}</a></td></tr>`
}

function lines(text: string): string {
  return escape(text.trim()).replaceAll('\n', '<br>')
}

export function escape(text: string): string {
  return clean(text)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;')
}

/** Line breaks of any make become one kind; other control characters mean nothing to a reader, and something to a mail program. */
function clean(text: string): string {
  return text.replace(/\r\n?|[\u2028\u2029]/g, '\n').replace(/[^\P{Cc}\n]/gu, '')
}

function colour(value: string): string {
  if (!/^#[0-9a-f]{6}$/i.test(value)) throw new TypeError('A colour in a mail is written #rrggbb.')
  return value
}

function webAddress(value: string): string {
  const url = URL.canParse(value) ? new URL(value) : undefined
  if (url?.protocol !== 'https:' && url?.protocol !== 'http:')
    throw new TypeError('An address in a mail begins with https:// or http://.')
  return url.href
}
