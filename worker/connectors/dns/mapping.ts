import { z } from 'zod'

/** The JSON form of an answer, as far as it is read here; record types are numbers (RFC 1035, section 3.2.2). */
export const wireAnswer = z.object({
  Status: z.number().int(),
  Answer: z.array(z.object({ name: z.string(), type: z.number().int(), data: z.string() })).nullish(),
})
export type WireAnswer = z.output<typeof wireAnswer>

const A = 1
const AAAA = 28
const CNAME = 5
const TXT = 16

/** The texts of TXT records. A record's text comes in pieces of at most 255 bytes, each in quotes, which belong together. */
export const textsIn = ({ Answer }: WireAnswer): string[] =>
  (Answer ?? []).filter(({ type }) => type === TXT).map(({ data }) => textOf(data))

const textOf = (data: string): string => {
  const pieces = [...data.matchAll(/"((?:[^"\\]|\\.)*)"/g)]
  if (pieces.length === 0) return data
  return pieces.map(([, piece = '']) => piece.replaceAll(/\\(.)/g, '$1')).join('')
}

/** IPv4 and IPv6 addresses alike. */
export const addressesIn = ({ Answer }: WireAnswer): string[] =>
  (Answer ?? []).filter(({ type }) => type === A || type === AAAA).map(({ data }) => data)

/** Which names the name stands for, and the addresses it ends at. */
export const leadsIn = ({ Answer }: WireAnswer): { aliases: string[]; addresses: string[] } => {
  const ofType = (wanted: number) => (Answer ?? []).filter(({ type }) => type === wanted).map(({ data }) => data)
  return {
    aliases: ofType(CNAME).map((name) => name.toLowerCase().replace(/\.$/, '')),
    addresses: ofType(A),
  }
}
