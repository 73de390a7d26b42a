import { scrypt, timingSafeEqual } from 'node:crypto'

export const passwordLengths = { min: 12, max: 128 } as const

/** `scrypt$N$r$p$salt$key`, salt and key in base64url; the parameters travel with the hash, so they can grow later. */
export async function hashPassword(password: string): Promise<string> {
  const salt = crypto.getRandomValues(new Uint8Array(16))
  const key = await derive(password, salt, 32, cost)
  return ['scrypt', cost.N, cost.r, cost.p, base64url(salt), base64url(key)].join('$')
}

/**
 * Is this the password behind the stored text? Takes as long for a wrong one as for the right one.
 * Throws when the stored text is not ours or asks for more work than is sane: that is a broken row, not a wrong password.
 */
export async function verifyPassword(password: string, stored: string): Promise<boolean> {
  const { salt, key, ...storedCost } = parseStored(stored)
  // Nothing this long was ever accepted; hashing it whole would only cost us.
  const isTooLong = password.length > longestInput
  const derived = await derive(isTooLong ? '' : password, salt, key.length, storedCost)
  return timingSafeEqual(derived, key) && !isTooLong
}

/** For people who do not exist or have no password: verifying against it takes the same time and is always false. */
export const dummyHash = 'scrypt$16384$8$5$ZDhZAyrqd8VfDU99y47UNQ$VnAxbmMRE9Zr829XTI2nwO0u3J-t89VU3jzpZY13UWQ'

export type PasswordOwner = { email: string; name: string; companyName: string }
export type CommonPasswords = ReadonlySet<string> | ((password: string) => boolean)
export type PasswordCheck =
  | { ok: true }
  | { ok: false; code: 'too_short' | 'too_long' | 'personal' | 'common' | 'guessable'; detail: string }

/** May this person use this password? The list of common ones is lower-case; see `parseCommonPasswords`. */
export function checkPassword(password: string, owner: PasswordOwner, common: CommonPasswords): PasswordCheck {
  const typed = normalised(password)
  const length = password.length > longestInput ? password.length : [...typed].length
  if (length < passwordLengths.min) {
    return refuse('too_short', `Use at least ${passwordLengths.min} characters. This has ${length}.`)
  }
  if (length > passwordLengths.max) {
    return refuse('too_long', `Use at most ${passwordLengths.max} characters. This has ${length}.`)
  }
  const letters = foldedLetters(typed)
  const personal = personalWords(owner)
  if (strengthOf(letters, [...commonWords, ...personal]) < strengthMin && containsAny(letters, personal)) {
    return refuse('personal', 'This is mostly your own name, e-mail address or company, which others would try first.')
  }
  const isCommon = typeof common === 'function' ? common : (text: string) => common.has(text)
  const lower = typed.toLowerCase()
  if (isCommon(lower) || isCommon(lower.replace(/[^\p{L}\p{N}]+$/u, ''))) {
    return refuse(
      'common',
      'This is one of the passwords that are tried first. Choose another, such as four unrelated words.',
    )
  }
  if (repeatsItself(letters) || strengthOf(letters, commonWords) < strengthMin) {
    return refuse(
      'guessable',
      'This is easy to guess: it is mostly well-known words, years, repeats or neighbouring keys. Four unrelated words are better.',
    )
  }
  return { ok: true }
}

/** The list as it lies in the assets: one password a line, lower-case. */
export function parseCommonPasswords(text: string): ReadonlySet<string> {
  return new Set(text.split(/\r?\n/).filter((line) => line !== ''))
}

type Cost = { N: number; r: number; p: number }

/** As much as a Worker allows (N·r·p ≤ 2^20 there) within about 160 ms. */
const cost: Cost = { N: 2 ** 14, r: 8, p: 5 }
/** More UTF-16 units than the longest allowed password can have, decomposed or not. */
const longestInput = 4096

/** The same letters typed on different keyboards are the same password (NFKC, as RFC 8265 asks of passwords). */
const normalised = (password: string): string => password.normalize('NFKC')

function derive(password: string, salt: Uint8Array, keyLength: number, { N, r, p }: Cost): Promise<Uint8Array> {
  // What scrypt needs, and a little more: the default limit would refuse a larger N later.
  const maxmem = 128 * r * (N + p + 2) + 1024
  return new Promise((resolve, reject) => {
    scrypt(normalised(password), salt, keyLength, { N, r, p, maxmem }, (error, key) => {
      if (error === null) resolve(key)
      else reject(error)
    })
  })
}

function parseStored(stored: string): Cost & { salt: Uint8Array; key: Uint8Array } {
  const shape = /^scrypt\$(\d{1,6})\$(\d{1,2})\$(\d{1,2})\$([\w-]{22})\$([\w-]{43})$/.exec(stored)
  const [N, r, p] = [Number(shape?.[1]), Number(shape?.[2]), Number(shape?.[3])]
  const isPowerOfTwo = N > 1 && (N & (N - 1)) === 0
  const isBounded = N >= 2 ** 10 && r >= 1 && p >= 1 && N * r * p <= 2 ** 20 && N * r <= 2 ** 18
  if (shape === null || !isPowerOfTwo || !isBounded) throw new Error('a stored password hash cannot be read')
  return { N, r, p, salt: bytesOf(shape[4] ?? ''), key: bytesOf(shape[5] ?? '') }
}

const base64url = (bytes: Uint8Array): string =>
  btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '')

const bytesOf = (text: string): Uint8Array =>
  Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (letter) => letter.charCodeAt(0))

const refuse = (code: Extract<PasswordCheck, { ok: false }>['code'], detail: string): PasswordCheck => ({
  ok: false,
  code,
  detail,
})

/** What must be left once everything guessable is taken away: more than a year and an exclamation mark. */
const strengthMin = 5

/** Each character twice: as typed (lower-case, without accents) and as the letter it is often typed for ("p@ssw0rd"). */
type Letters = { plain: string[]; meant: string[] }

function foldedLetters(text: string): Letters {
  const plain = [...text.normalize('NFKD').replaceAll(/\p{M}/gu, '').toLowerCase()]
  return { plain, meant: plain.map((letter) => lookalikes[letter] ?? letter) }
}

const lookalikes: Record<string, string> = {
  '0': 'o',
  '1': 'i',
  '3': 'e',
  '4': 'a',
  '5': 's',
  '7': 't',
  '8': 'b',
  '@': 'a',
  $: 's',
  '!': 'i',
  '€': 'e',
}

/** How many characters remain that no rule explains. A kind of punctuation counts once. */
function strengthOf(letters: Letters, words: readonly string[]): number {
  const { plain } = letters
  const explained = new Set<number>()
  const explain = (from: number, count: number) => {
    for (let at = from; at < from + count; at++) explained.add(at)
  }
  for (let at = 0; at < plain.length; at++) {
    for (const word of words) if (standsAt(letters, at, word)) explain(at, word.length)
    const run = runFrom(plain, at)
    if (run >= (isDigit(plain[at]) ? 3 : 4)) explain(at, run)
    const same = sameFrom(plain, at)
    if (same >= 3) explain(at, same)
    if (/^(19|20)\d\d$/.test(plain.slice(at, at + 4).join(''))) explain(at, 4)
  }
  const left = plain.filter((_, at) => !explained.has(at))
  const punctuation = new Set(left.filter((letter) => !/[\p{L}\p{N}]/u.test(letter)))
  return left.filter((letter) => /[\p{L}\p{N}]/u.test(letter)).length + punctuation.size
}

function standsAt({ plain, meant }: Letters, from: number, word: string): boolean {
  if (from + word.length > plain.length) return false
  for (let at = 0; at < word.length; at++) {
    if (plain[from + at] !== word[at] && meant[from + at] !== word[at]) return false
  }
  return true
}

const containsAny = (letters: Letters, words: readonly string[]): boolean =>
  words.some((word) => letters.plain.some((_, at) => standsAt(letters, at, word)))

/** How many characters from here walk along a row of keys, the alphabet or the digits, forward or backward. */
function runFrom(plain: readonly string[], from: number): number {
  let longest = 1
  for (const row of rows) {
    let count = 1
    while (
      plain[from + count] !== undefined &&
      row.includes(`${plain[from + count - 1] ?? ''}${plain[from + count] ?? ''}`)
    ) {
      count++
    }
    longest = Math.max(longest, count)
  }
  return longest
}

function sameFrom(plain: readonly string[], from: number): number {
  let count = 1
  while (plain[from + count] !== undefined && plain[from + count] === plain[from]) count++
  return count
}

/** A few characters over and over: too few different ones, or a piece shorter than a password written twice or more. */
function repeatsItself({ plain }: Letters): boolean {
  if (new Set(plain).size < 5) return true
  const longestPiece = Math.min(Math.floor(plain.length / 2), passwordLengths.min - 1)
  for (let length = 1; length <= longestPiece; length++) {
    if (plain.every((letter, at) => at < length || letter === plain[at - length])) return true
  }
  return false
}

const isDigit = (letter: string | undefined): boolean => letter !== undefined && letter >= '0' && letter <= '9'

/** The owner's words of three letters and more, without those that say nothing ("Ltd", "com"). */
function personalWords({ email, name, companyName }: PasswordOwner): string[] {
  const [mailbox = '', domain = ''] = email.split('@')
  const host = domain.split('.').slice(0, -1).join(' ')
  const words = [name, companyName, mailbox, host].flatMap((text) =>
    foldedLetters(text)
      .plain.join('')
      .split(/[^\p{L}\p{N}]+/u),
  )
  return [...new Set(words)].filter((word) => word.length >= 3 && !emptyWords.has(word))
}

const emptyWords: ReadonlySet<string> = new Set('ltd inc llc plc gmbh and the com www mail info'.split(' '))

const rows: readonly string[] = [
  'abcdefghijklmnopqrstuvwxyz',
  '01234567890',
  '147258369',
  'qwertyuiop',
  'asdfghjkl',
  'zxcvbnm',
  'qwertzuiop',
  'yxcvbnm',
  'azertyuiop',
  'qsdfghjklm',
  'wxcvbn',
  '1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p',
  'qazwsxedcrfvtgbyhnujmikolp',
  '1q2w3e4r5t6y7u8i9o0p',
  '!@#$%^&*()_+',
  '!"£$%^&*()_+',
].flatMap((row) => [row, [...row].reverse().join('')])

/** Words that stand in most guessed passwords: what a password is for, seasons, months, days, teams, pets, greetings. */
const commonWords: readonly string[] = [
  'password passwort motdepasse contrasena wachtwoord senha parola passw pass pwd kennwort passphrase passcode',
  'admin administrator root user username guest login logon signin account access default changeme change temporary temp',
  'test testing tester demo example sample secret secure security private welcome willkommen bienvenue bienvenido letmein',
  'hello hallo bonjour computer internet server system network windows microsoft office office365 outlook google apple',
  'iphone samsung portal support helpdesk service company business enterprise customer client',
  'spring summer autumn winter fall season fruhling sommer herbst january february march april june july august',
  'september october november december monday tuesday wednesday thursday friday saturday sunday birthday christmas',
  'iloveyou loveyou love lover baby angel princess prince queen king sunshine shadow master dragon monkey tiger lion',
  'football baseball basketball soccer hockey golf tennis cricket liverpool arsenal chelsea manchester united barcelona',
  'superman batman spiderman starwars pokemon naruto minecraft fortnite matrix ninja killer hunter ranger freedom',
  'flower butterfly rainbow chocolate cookie banana orange purple cheese coffee pepper ginger buddy charlie jordan',
  'michael jennifer jessica ashley daniel thomas robert andrew joshua matthew london england america qwerty azerty',
  'qwertz asdf zxcv qwe asd zxc qaz wsx edc abc xyz abcd trustno nothing whatever forever blessed jesus family',
].flatMap((line) => line.split(' '))
