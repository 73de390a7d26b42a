const LENGTH_MAX = 200

/** As much of a User-Agent header as is kept: enough to name browser and system by. */
export const shortened = (userAgent: string | undefined): string | null => {
  const text = (userAgent ?? '').replaceAll(/[^\x20-\x7e]/g, '').trim()
  return text === '' ? null : text.slice(0, LENGTH_MAX)
}

/** In this order, since most browsers also claim to be those they came after. */
const browsers: readonly [mark: RegExp, name: string][] = [
  [/\bEdg(e|A|iOS)?\//, 'Edge'],
  [/\b(OPR|OPT|Opera)\//, 'Opera'],
  [/\bSamsungBrowser\//, 'Samsung Internet'],
  [/\bVivaldi\//, 'Vivaldi'],
  [/\b(Firefox|FxiOS)\//, 'Firefox'],
  [/\b(Chrome|Chromium|CriOS)\//, 'Chrome'],
  [/\bVersion\/\S+.* Safari\//, 'Safari'],
]

/** Phones and tablets first: they name the system they are kin to as well. */
const systems: readonly [mark: RegExp, name: string][] = [
  [/\biPhone\b/, 'iPhone'],
  [/\biPad\b/, 'iPad'],
  [/\bAndroid\b/, 'Android'],
  [/\bWindows\b/, 'Windows'],
  [/\bCrOS\b/, 'ChromeOS'],
  [/\b(Macintosh|Mac OS X)\b/, 'Mac'],
  [/\bLinux\b/, 'Linux'],
]

/** What a browser and its system are called; null for what is not known. Pure. A hint for people, never proof of anything. */
export const deviceOf = (userAgent: string | null): { browser: string | null; system: string | null } => {
  const named = (known: typeof browsers) => known.find(([mark]) => mark.test(userAgent ?? ''))?.[1] ?? null
  return { browser: named(browsers), system: named(systems) }
}
