import { z } from '@hono/zod-openapi'
import { inFigures } from '../figures.ts'
import './fault-words.ts'

/**
 * What no name or sentence needs: control characters, line and paragraph separators, overrides of the writing direction,
 * halves of a character, and what has no width, so that no two names look alike. Joiners are none of these, nor are the tags
 * behind a black flag: emoji and Persian are made with them.
 */
const UNSEEN =
  /[\p{Cc}\p{Cs}\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff]|(?<!\u{1f3f4}[\u{e0020}-\u{e007e}]{0,6})[\u{e0000}-\u{e007f}]/u
const UNSEEN_BUT_BREAKS = /[^\P{Cc}\n\r\t]|[\u202a-\u202e\u2066-\u2069\p{Cs}]/u
/** Something that can be seen: more than spaces, joiners, accents without a letter, and letters and signs that are blank. */
const VISIBLE = /(?![\u115f\u1160\u2800\u3164\uffa0])[\p{L}\p{N}\p{P}\p{S}]/u
/** What programs of mail make a link of. */
const LINK = /:\/\/|(?<![\p{L}\p{N}])www\./iu

const unseen = 'This holds a character that cannot be seen, such as a line break. Type it again.'

/** One line that a person reads: names, phone numbers, hours. Trimmed. */
const line = (lengthMax: number) =>
  z
    .string()
    .trim()
    .max(lengthMax)
    .refine((text) => !UNSEEN.test(text), unseen)

/** One line that must say something. */
export const requiredLine = (lengthMax: number, ask: string) =>
  line(lengthMax)
    .min(1, ask)
    .refine((text) => text === '' || VISIBLE.test(text), ask)

/** What a person is called, which stands in mails to others: no place for a link. */
export const personName = (lengthMax: number, ask: string) =>
  requiredLine(lengthMax, ask).refine((text) => !LINK.test(text), 'Enter a name, not a web address.')

/** One line that may be left out: null, nothing or only spaces are null. */
export const optionalLine = (lengthMax: number) =>
  line(lengthMax)
    .transform((text) => (text === '' ? null : text))
    .nullable()
    .default(null)

/** The name of a file as its owner's disk has it: what cannot be seen in it is left out, rather than held against them. */
export const fileName = (lengthMax: number, ask: string) =>
  z
    .string()
    .max(4 * lengthMax, `At most ${inFigures(lengthMax)} characters.`)
    .transform((name) => name.normalize('NFC').replaceAll(new RegExp(UNSEEN, 'gu'), ''))
    .pipe(requiredLine(lengthMax, ask))

/** Text of several lines that must say something. */
export const requiredText = (lengthMax: number, ask: string) =>
  z
    .string()
    .trim()
    .min(1, ask)
    .max(lengthMax)
    .refine((text) => !UNSEEN_BUT_BREAKS.test(text), unseen)
    .refine((text) => text === '' || VISIBLE.test(text), ask)

/** Text of several lines that may be left out. */
export const optionalText = (lengthMax: number) =>
  z
    .string()
    .trim()
    .max(lengthMax)
    .refine((text) => !UNSEEN_BUT_BREAKS.test(text), unseen)
    .transform((text) => (text === '' ? null : text))
    .nullable()
    .default(null)

const ADDRESS_WANTED = 'Enter an e-mail address such as name@company.com.'

/** An e-mail address, lower case. */
const email = z.string().trim().toLowerCase().max(254).pipe(z.email(ADDRESS_WANTED))

/** An e-mail address that must be given. */
export const requiredEmail = email

/** An e-mail address that may be left out; an empty text is none. */
export const optionalEmail = z
  .union([z.literal('').transform(() => null), email], ADDRESS_WANTED)
  .nullable()
  .default(null)

/** A moment as the wire has it (ISO 8601, UTC), from milliseconds since 1970. */
export const isoMoment = (moment: number | null): string | null =>
  moment === null ? null : new Date(moment).toISOString()
