import { describe, expect, it } from 'vitest'
import { checkPassword, dummyHash, hashPassword, parseCommonPasswords, verifyPassword } from './password.ts'

const dana = {
  email: 'dana.whitfield@fabrikamdental.example',
  name: 'Dana Whitfield',
  companyName: 'Fabrikam Dental Ltd',
}
const nothingCommon: ReadonlySet<string> = new Set()

describe('a stored password', () => {
  it('is verified by the same password only', async () => {
    const stored = await hashPassword('correct horse battery')
    expect(await verifyPassword('correct horse battery', stored)).toBe(true)
    expect(await verifyPassword('correct horse batterY', stored)).toBe(false)
    expect(await verifyPassword('correct horse battery ', stored)).toBe(false)
    expect(await verifyPassword('', stored)).toBe(false)
  })

  it('carries its parameters, and a salt of its own each time', async () => {
    const [first, second] = [await hashPassword('correct horse'), await hashPassword('correct horse')]
    expect(first).toMatch(/^scrypt\$16384\$8\$5\$[\w-]{22}\$[\w-]{43}$/)
    expect(second).not.toBe(first)
  })

  it('is scrypt as others compute it', async () => {
    // Computed by OpenSSL: the password of RFC 7914's test vectors, salt SodiumChloride16.
    const stored = 'scrypt$16384$8$5$U29kaXVtQ2hsb3JpZGUxNg$qNjJY5On1GgXtkn_YCrCahlH_N78ka2CGpG1rrhAGHY'
    expect(await verifyPassword('pleaseletmein', stored)).toBe(true)
  })

  it('is the same typed composed or decomposed', async () => {
    const stored = await hashPassword('caf\u00e9 f\u00fcr alle')
    expect(await verifyPassword('cafe\u0301 fu\u0308r alle', stored)).toBe(true)
  })

  it('is verified with the parameters it was stored with', async () => {
    const cheap = 'scrypt$1024$8$1$U29kaXVtQ2hsb3JpZGUxNg$wlnb_7z_JJWR3LhyxCL9BPzRzKRdB8wPx_h73sTLibg'
    expect(await verifyPassword('pleaseletmein', cheap)).toBe(true)
    expect(await verifyPassword('pleaseletmeout', cheap)).toBe(false)
  })

  it('is never matched by an endless password', async () => {
    const stored = await hashPassword('')
    expect(await verifyPassword('', stored)).toBe(true)
    expect(await verifyPassword('x'.repeat(10_000_000), stored)).toBe(false)
  })

  it('of nobody is readable, costs the same and matches nothing', async () => {
    expect(dummyHash).toMatch(/^scrypt\$16384\$8\$5\$[\w-]{22}\$[\w-]{43}$/)
    expect(await verifyPassword('', dummyHash)).toBe(false)
    expect(await verifyPassword('correct horse battery', dummyHash)).toBe(false)
  })

  const salt = 'A'.repeat(22)
  const key = 'A'.repeat(43)
  it.each([
    ['', 'empty'],
    ['correct horse', 'plain text'],
    [`bcrypt$16384$8$5$${salt}$${key}`, 'another scheme'],
    [`scrypt$16383$8$5$${salt}$${key}`, 'N not a power of two'],
    [`scrypt$512$8$5$${salt}$${key}`, 'too cheap'],
    [`scrypt$131072$8$5$${salt}$${key}`, 'too dear'],
    [`scrypt$65536$8$1$${salt}$${key}`, 'too much memory'],
    [`scrypt$16384$0$5$${salt}$${key}`, 'no blocks'],
    [`scrypt$16384$8$0$${salt}$${key}`, 'no rounds'],
    [`scrypt$16384$8$99$${salt}$${key}`, 'too many rounds'],
    [`scrypt$99999999999$8$5$${salt}$${key}`, 'absurd'],
    [`scrypt$16384$8$5$AAAA$${key}`, 'a short salt'],
    [`scrypt$16384$8$5$${salt}$`, 'no key'],
    [`scrypt$16384$8$5$${salt}$${key}$`, 'something behind'],
    [`scrypt$16384$8$5$${salt}$${key}\n`, 'a line end behind'],
  ])('that is not ours is an error, not a wrong password: %s (%s)', async (stored) => {
    await expect(verifyPassword('correct horse battery', stored)).rejects.toThrow(
      'a stored password hash cannot be read',
    )
  })
})

describe('a new password', () => {
  it.each([
    'correct horse stapler',
    'demo-dana-violet-15',
    'demo-technician-copper-63',
    'demo-owner-harbour-41',
    'my dog barks at 4 postmen',
    'G7#kq!zP2w@Lm',
    'kwyjibo-marzipan',
    'Fensterbrett Lokomotive',
    'ほうれんそうをたべましょうね',
    '8402 1193 5527',
    'x'.repeat(3) + 'mountain goat lunch',
    'Whitfield eats 40 plums slowly',
    'lighthouse pocket trumpet '.repeat(4).trim(),
    'first student property',
  ])('may be %j', (password) => {
    expect(checkPassword(password, dana, nothingCommon)).toEqual({ ok: true })
  })

  it.each([
    ['', 'too_short', 'Use at least 12 characters. This has 0.'],
    ['short-enough', 'ok', ''],
    ['short-enoug', 'too_short', 'Use at least 12 characters. This has 11.'],
    ['😀'.repeat(11), 'too_short', 'Use at least 12 characters. This has 11.'],
    [`${'plum goat '.repeat(12)}lantern!`, 'ok', ''],
    [`${'plum goat '.repeat(12)}lanterns!`, 'too_long', 'Use at most 128 characters. This has 129.'],
    ['y'.repeat(1_000_000), 'too_long', 'Use at most 128 characters. This has 1000000.'],
  ])('has 12 to 128 characters: %#', (password, code, detail) => {
    const check = checkPassword(password, dana, nothingCommon)
    expect(check).toEqual(code === 'ok' ? { ok: true } : { ok: false, code, detail })
  })

  it.each([
    'dana.whitfield@fabrikamdental.example',
    'DANA.WHITFIELD@fabrikamdental.example',
    'danawhitfield',
    'Dana Whitfield',
    'Whitfield.Dana.2026',
    'fabrikamdental',
    'Fabrikam-2026!',
    'F@brik4m-Dental!!',
    'Welcome-Fabrikam1',
    'dana12345678',
    'dental-password',
  ])('is not the person or the company: %s', (password) => {
    expect(checkPassword(password, dana, nothingCommon)).toMatchObject({ ok: false, code: 'personal' })
  })

  it('finds a name with accents typed without them', () => {
    const owner = { email: 'j@x.example', name: 'Jürgen Müllerström', companyName: 'Åre' }
    expect(checkPassword('jurgenmullerstrom1', owner, nothingCommon)).toMatchObject({ code: 'personal' })
    expect(checkPassword('Jürgen-Müllerström', owner, nothingCommon)).toMatchObject({ code: 'personal' })
  })

  it('is nobody’s name when the person has none', () => {
    const nobody = { email: '', name: '', companyName: '' }
    expect(checkPassword('correct horse stapler', nobody, nothingCommon)).toEqual({ ok: true })
  })

  it.each(['thundercats are go', 'Thundercats Are Go', 'ThunderCats are go!!'])(
    'is not on the list of common ones: %s',
    (password) => {
      const listed = parseCommonPasswords('thundercats are go\r\nsomething else\n')
      expect(checkPassword(password, dana, listed)).toMatchObject({ ok: false, code: 'common' })
      expect(checkPassword(password, dana, (text) => text === 'thundercats are go')).toMatchObject({ code: 'common' })
      expect(checkPassword(password, dana, nothingCommon)).toEqual({ ok: true })
    },
  )

  it.each([
    'passwordpassword',
    'Password2026!',
    'P@ssw0rd2026!',
    'p4$$w0rd-p4$$w0rd',
    'Summer2026!!!',
    'AutumnWinter2026',
    'Welcome123456',
    'letmein-letmein',
    'qwertyuiop123',
    'qwertyuiopasdf',
    '1qaz2wsx3edc',
    'zaq12wsxcde3',
    '1q2w3e4r5t6y',
    'qazwsxedcrfv',
    'abcdefghijkl',
    'zyxwvutsrqpo',
    '123456789012',
    '098765432109',
    '147258369147',
    '!@#$%^&*()_+',
    'aaaaaaaaaaaa',
    'abababababab',
    '            ',
    'mango7mango7',
    'kdjfkdjfkdjf',
    'purplepurple',
    '198503121985',
    'administrator1',
    'changeme-2027',
    'iloveyou1234',
    'Manchester United 1999',
    'azertyuiop12',
    'Microsoft365!',
    'qweasdzxc123',
  ])('is not easy to guess: %j', (password) => {
    expect(checkPassword(password, dana, nothingCommon)).toMatchObject({ ok: false, code: 'guessable' })
  })

  it('made at random is never refused', () => {
    const random = seeded(12)
    const letters = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789'
    const refused = Array.from({ length: 5000 }, () =>
      Array.from({ length: 12 }, () => letters[Math.floor(random() * letters.length)]).join(''),
    ).filter((password) => !checkPassword(password, dana, nothingCommon).ok)
    expect(refused).toEqual([])
  })

  it('is judged quickly, however long and hostile', () => {
    for (const password of ['a'.repeat(128), 'qwertyuiop'.repeat(12), '\ufdfa'.repeat(500), '\ud800'.repeat(128)]) {
      expect(checkPassword(password, dana, nothingCommon).ok).toBe(false)
    }
  })
})

/** The same numbers on every run (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}
