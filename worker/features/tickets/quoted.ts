/** What somebody wrote in a mail, and what their mail program put below it of earlier mails; null where it put nothing. */
export type Split = { text: string; quoted: string | null }

/**
 * Tells what was written from what was quoted, by the lines that mail programs put before a quotation (Outlook, Gmail, Apple
 * Mail, Thunderbird; in English, German, French, Dutch and Spanish) and by `>`. A signature is written. Of a mail in which
 * all would be quotation, all is text: nothing that somebody may have written is folded away unseen.
 */
export const splitQuoted = (body: string): Split => {
  const lines = body
    .replaceAll(/\r\n?/g, '\n')
    .replaceAll(/[\u200b\ufeff]/g, '')
    .split('\n')
  const start = startOfQuotation(lines)
  if (start === undefined) return { text: joined(lines), quoted: null }
  const above = lines.slice(0, start)
  const rest = lines.slice(start)
  if (joined(above) !== '') return { text: joined(above), quoted: joined(rest) }
  // Whoever answers below what they quote: what is marked is quoted, and what is not is theirs.
  const isWritten = rest.map((line, place) => !isMarked(line) && !isAttribution(rest, place))
  const written = joined(rest.filter((_, place) => isWritten[place]))
  if (rest.some(isMarked) && written !== '')
    return { text: written, quoted: joined(rest.filter((_, place) => !isWritten[place])) }
  return { text: joined(lines), quoted: null }
}

const joined = (lines: string[]): string => lines.join('\n').trim()
const isMarked = (line: string): boolean => /^\s*>/.test(line)
const isBlank = (line: string): boolean => line.trim() === ''

/** The line that a quotation begins with; undefined where there is none. */
const startOfQuotation = (lines: string[]): number | undefined => {
  for (let place = 0; place < lines.length; place += 1) {
    if (isDivider(lines[place] ?? '') || isHead(lines, place)) return place
    const length = attributionAt(lines, place)
    if (length > 0) return place
  }
  return startOfMarkedEnd(lines)
}

/** A block of `>` that a mail ends with, though nothing announces it. */
const startOfMarkedEnd = (lines: string[]): number | undefined => {
  let start: number | undefined
  for (let place = lines.length - 1; place >= 0; place -= 1) {
    const line = lines[place] ?? ''
    if (isMarked(line)) start = place
    else if (!isBlank(line)) break
  }
  return start ?? (isMarked(lines.find((line) => !isBlank(line)) ?? '') ? lines.findIndex(isMarked) : undefined)
}

const DIVIDER = new RegExp(
  `^\\s*>?\\s*[-_]{2,}\\s*(${[
    'original message',
    'original appointment',
    'forwarded message',
    'ursprüngliche nachricht',
    'originalnachricht',
    'weitergeleitete nachricht',
    "message d['’]origine",
    'message original',
    'message transféré',
    'oorspronkelijk bericht',
    'doorgestuurd bericht',
    'mensaje original',
    'mensaje reenviado',
  ].join('|')})\\s*[-_]{2,}\\s*$`,
  'iu',
)

/** Longer ones announce nothing; of a line that is all spaces, the pattern would try each. */
const DIVIDER_CHARACTERS_MAX = 200

const isDivider = (line: string): boolean => line.length <= DIVIDER_CHARACTERS_MAX && DIVIDER.test(line)

/** What Outlook writes above a quotation, in its reader's language: from, sent, to, subject, each on a line of its own. */
const headFields = {
  from: '(from|von|de|van)',
  sent: '(sent|date|gesendet|datum|envoyé|envoyé le|verzonden|enviado|enviado el|fecha)',
  other: '(to|cc|subject|an|betreff|à|objet|aan|onderwerp|para|asunto)',
} as const
const field = (name: keyof typeof headFields) => new RegExp(`^\\s*\\*?${headFields[name]}\\s*:\\*?\\s*\\S`, 'iu')
const [FROM, SENT, OTHER] = [field('from'), field('sent'), field('other')]
const RULE = /^\s*_{10,}\s*$/
/** So many lines a head has, with long lists of people wrapped. */
const HEAD_LINE_COUNT_MAX = 8

const isHead = (lines: string[], place: number): boolean => {
  const line = lines[place] ?? ''
  const first = RULE.test(line) ? nextWritten(lines, place + 1) : place
  if (first === undefined || !FROM.test(lines[first] ?? '')) return false
  const following = lines.slice(first + 1, first + 1 + HEAD_LINE_COUNT_MAX)
  return following.some((one) => SENT.test(one)) && following.some((one) => OTHER.test(one))
}

const nextWritten = (lines: string[], from: number): number | undefined => {
  for (let place = from; place < lines.length; place += 1) if (!isBlank(lines[place] ?? '')) return place
  return undefined
}

/** What stands above a quotation: "On …, Ann wrote:". It holds a number, as all dates do, so that no sentence of somebody's is taken for it. */
const ATTRIBUTION = new RegExp(
  `^\\s*>?\\s*(${[
    'on\\b.+\\d.+\\bwrote\\s*:',
    '.+\\d.+\\bwrote\\s*:',
    'am\\b.+\\d.+\\bschrieb\\b.*:',
    '.+\\d.+\\bschrieb\\b.*:',
    'le\\b.+\\d.+\\ba écrit\\s*:',
    '.+\\d.+\\ba écrit\\s*:',
    'op\\b.+\\d.+\\b(schreef|heeft)\\b.*:',
    '.+\\d.+\\bschreef\\b.*:',
    'el\\b.+\\d.+\\bescribió\\s*:',
    '.+\\d.+\\bescribió\\s*:',
  ].join('|')})\\s*$`,
  'iu',
)
const BEGINS = /^\s*>?\s*(on|am|le|op|el)\b/iu
/** Mail programs wrap a long one. */
const ATTRIBUTION_LINE_COUNT_MAX = 4
const ATTRIBUTION_CHARACTERS_MAX = 400

/** How many lines from here on announce a quotation; 0 where none do. */
const attributionAt = (lines: string[], place: number): number => {
  const first = lines[place] ?? ''
  if (isBlank(first)) return 0
  for (let count = 1; count <= ATTRIBUTION_LINE_COUNT_MAX; count += 1) {
    const part = lines.slice(place, place + count)
    const last = part.at(-1) ?? ''
    if (part.length < count || isBlank(last)) return 0
    // Only what begins as one goes on over several lines.
    if (count > 1 && !BEGINS.test(first)) return 0
    const whole = part.map((line) => line.trim()).join(' ')
    if (whole.length > ATTRIBUTION_CHARACTERS_MAX) return 0
    if (ATTRIBUTION.test(whole) && isFollowedByQuotation(lines, place + count, BEGINS.test(first))) return count
  }
  return 0
}

/** "… wrote:" in the middle of what somebody says is no announcement; after a date at its beginning it is one, whatever follows. */
const isFollowedByQuotation = (lines: string[], from: number, beginsAsOne: boolean): boolean => {
  const next = nextWritten(lines, from)
  return next !== undefined && (beginsAsOne || isMarked(lines[next] ?? ''))
}

const isAttribution = (lines: string[], place: number): boolean => {
  for (let before = 0; before < ATTRIBUTION_LINE_COUNT_MAX; before += 1) {
    if (place - before >= 0 && attributionAt(lines, place - before) > before) return true
  }
  return isDivider(lines[place] ?? '')
}

/** Quotations within more than this many are marked like those within this many. */
const DEPTH_SHOWN_MAX = 10

/**
 * HTML without what nobody reads: comments, and what stands in some elements. One that never ends is left where it is, and its
 * end is not looked for again: what is read through once may be long.
 */
const withoutUnread = (html: string): string => {
  const beginning = /<!--|<(style|script|head|title)\b/gi
  const endless = new Set<string>()
  let [kept, place] = ['', 0]
  for (let begun = beginning.exec(html); begun !== null; begun = beginning.exec(html)) {
    const name = begun[1]?.toLowerCase() ?? ''
    if (endless.has(name)) continue
    const ending = name === '' ? /-->/g : new RegExp(`</${name}\\s*>`, 'gi')
    ending.lastIndex = beginning.lastIndex
    if (ending.exec(html) === null) {
      endless.add(name)
      continue
    }
    kept += html.slice(place, begun.index)
    place = ending.lastIndex
    beginning.lastIndex = place
  }
  return kept + html.slice(place)
}

/** The text of a mail that is HTML alone: what is read of it, a line for each block, quotations marked. */
export const textOfHtml = (html: string): string => {
  let depth = 0
  let text = ''
  const beginLine = () => {
    text += `\n${QUOTED.repeat(Math.min(depth, DEPTH_SHOWN_MAX))}`
  }
  for (const [, tag, words] of withoutUnread(html).matchAll(/<([^<>]*)>|([^<]+|<)/g)) {
    if (tag === undefined) {
      text += (words ?? '').replaceAll(/\s+/g, ' ')
      continue
    }
    const [, slash, name = ''] = /^\s*(\/?)\s*([a-z0-9]+)/i.exec(tag) ?? []
    const isEnd = slash === '/'
    switch (name.toLowerCase()) {
      case 'blockquote':
        depth = Math.max(0, depth + (isEnd ? -1 : 1))
        beginLine()
        break
      case 'br':
      case 'p':
      case 'div':
      case 'tr':
      case 'li':
      case 'ul':
      case 'ol':
      case 'table':
      case 'hr':
      case 'h1':
      case 'h2':
      case 'h3':
      case 'pre':
        beginLine()
        break
      case 'td':
        if (isEnd) text += ' '
        break
    }
  }
  return (
    unescaped(text)
      .split('\n')
      .map((line) =>
        line
          .replaceAll(QUOTED, '> ')
          .replaceAll(/[ \t\u00a0]+/g, ' ')
          .trimEnd(),
      )
      // Where a block of a quotation begins or ends.
      .filter((line) => !/^>[> ]*$/.test(line))
      .join('\n')
      .replaceAll(/\n{3,}/g, '\n\n')
      .trim()
  )
}

/** Stands for `> ` until entities are read, so that a `>` somebody wrote is none. */
const QUOTED = '\u0001'

/** What mail programs name in place of writing it: Latin-1 from the space that does not break on, and marks of print. */
const named: ReadonlyMap<string, string> = new Map([
  ...Object.entries({ amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }),
  ...Object.entries({ ndash: '–', mdash: '—', lsquo: '‘', rsquo: '’', sbquo: '‚', ldquo: '“', rdquo: '”', bdquo: '„' }),
  ...Object.entries({
    hellip: '…',
    bull: '•',
    euro: '€',
    trade: '™',
    oelig: 'œ',
    OElig: 'Œ',
    lsaquo: '‹',
    rsaquo: '›',
  }),
  ...`nbsp iexcl cent pound curren yen brvbar sect uml copy ordf laquo not shy reg macr deg plusmn sup2 sup3 acute micro para middot
  cedil sup1 ordm raquo frac14 frac12 frac34 iquest Agrave Aacute Acirc Atilde Auml Aring AElig Ccedil Egrave Eacute Ecirc Euml Igrave
  Iacute Icirc Iuml ETH Ntilde Ograve Oacute Ocirc Otilde Ouml times Oslash Ugrave Uacute Ucirc Uuml Yacute THORN szlig agrave aacute
  acirc atilde auml aring aelig ccedil egrave eacute ecirc euml igrave iacute icirc iuml eth ntilde ograve oacute ocirc otilde ouml
  divide oslash ugrave uacute ucirc uuml yacute thorn yuml`
    .split(/\s+/)
    .map((name, place): [string, string] => [name, String.fromCharCode(0xa0 + place)]),
])

const unescaped = (text: string): string =>
  text.replaceAll(/&(#x[0-9a-f]{1,6}|#\d{1,7}|[a-z]{2,6}[0-9]{0,2});/gi, (whole, name: string) => {
    if (!name.startsWith('#')) return named.get(name) ?? named.get(name.toLowerCase()) ?? whole
    const code = /^#x/i.test(name) ? Number.parseInt(name.slice(2), 16) : Number(name.slice(1))
    return code >= 0x20 && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff) ? String.fromCodePoint(code) : ''
  })
