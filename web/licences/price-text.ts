import { decimalsOf } from '../words/format.ts'

/** An amount as somebody types it, "18.90" or "18,9", in the currency's smallest unit; undefined for what is none. */
export function minorIn(text: string, currency: string): number | undefined {
  const decimals = decimalsOf(currency)
  const [, whole, part = ''] = /^(\d{1,7})(?:[.,](\d+))?$/.exec(text.trim()) ?? []
  if (whole === undefined || part.length > decimals) return undefined
  return Number(whole) * 10 ** decimals + Number(part.padEnd(decimals, '0') || '0')
}

/** The same amount as it stands in a field. */
export function typedOf(minor: number, currency: string): string {
  const decimals = decimalsOf(currency)
  return (minor / 10 ** decimals).toFixed(decimals)
}
