import { z } from '@hono/zod-openapi'
import { requestTypes } from '../../../../db/shard/schema.ts'
import { keyed } from '../../../http/keyed.ts'
import { requiredLine } from '../../../http/text.ts'
import type { FormsFound, OverlaysFound } from './form-settings.ts'
import { formOf } from './any-form.ts'
import type { RequestType } from './any-form.ts'
import { OWN_FIELDS_MAX, fieldsOf } from './fields.ts'
import { hideableIn } from './own-fields.ts'
import { FormField, presentField } from './portal-forms.schema.ts'

const OPTION_COUNT_MAX = 50
const KEY_COUNT_MAX = 60
const HELP_LENGTH_MAX = 300

const help = z.string().trim().max(HELP_LENGTH_MAX)
const key = z.string().max(60)

const kinds = ['text', 'choice', 'date', 'person'] as const

const own = {
  kind: z.enum(kinds).describe('What is answered: a text, one of the options, a day, or a person of the company.'),
  label: requiredLine(120, 'Enter the question.').describe('The question.'),
  help: help.default('').describe('A sentence that helps to answer it.'),
  isRequired: z.boolean().default(false).describe('Whether it has to be answered.'),
  isEach: z.boolean().default(true).describe('Asked for each person, or once for the whole request.'),
  options: z
    .array(requiredLine(120, 'Enter what can be chosen.'))
    .max(OPTION_COUNT_MAX, `At most ${OPTION_COUNT_MAX}.`)
    .default([])
    .describe('What can be chosen; for a choice alone.'),
}

const OwnFieldInput = z
  .strictObject({
    id: key.optional().describe('The question that is changed; left out for a new one.'),
    ...own,
  })
  .refine(({ kind, options }) => kind !== 'choice' || options.length > 0, {
    path: ['options'],
    error: 'Enter what can be chosen.',
  })
  .refine(({ kind, options }) => kind === 'choice' || options.length === 0, {
    path: ['options'],
    error: 'Only a choice has options.',
  })
  .refine(({ options }) => new Set(options).size === options.length, {
    path: ['options'],
    error: 'Name each option once.',
  })

export const FormInput = z.strictObject({
  fields: z
    .array(OwnFieldInput)
    .max(OWN_FIELDS_MAX, `At most ${OWN_FIELDS_MAX} questions of your own.`)
    .default([])
    .describe('Questions of your own, in order.'),
  hidden: z.array(key).max(KEY_COUNT_MAX).default([]).describe('Fields that are left out, by their keys.'),
  helps: keyed(key, help, { max: KEY_COUNT_MAX, unknown: 'There is no such field.' })
    .default({})
    .describe('Help of your own, by the keys of fields.'),
  category: key.nullable().default(null).describe('The category of the tickets it becomes; null for the first one.'),
})

export const OverlayInput = z.strictObject({
  fields: FormInput.shape.fields.describe('Questions for this customer alone, in order.'),
  hidden: keyed(key, z.boolean(), { max: KEY_COUNT_MAX, unknown: 'This cannot be left out.' })
    .default({})
    .describe('Fields, or questions of the master by their ids: true leaves one out, false brings it back.'),
  helps: FormInput.shape.helps.describe(
    'Help for this customer, by the keys of fields, or of questions of the master by their ids.',
  ),
})

const ofEachType = <Shape extends z.ZodType>(shape: Shape) =>
  z.strictObject({
    new_user: shape.optional().describe('For somebody who starts.'),
    offboarding: shape.optional().describe('For somebody who leaves.'),
    password_reset: shape.optional().describe('For a new password.'),
    licence_change: shape.optional().describe('For seats of a licence.'),
    group_change: shape.optional().describe('For who is in a group.'),
  })

export const RequestFormsInput = z
  .strictObject({ forms: ofEachType(FormInput).describe('One that is left out is as it comes.') })
  .openapi('RequestFormsInput')

export const RequestFormOverlaysInput = z
  .strictObject({ forms: ofEachType(OverlayInput).describe('One that is left out is as for all customers.') })
  .openapi('RequestFormOverlaysInput')

const OwnField = z.object({
  id: z.string(),
  kind: z.enum(kinds),
  label: z.string(),
  help: z.string(),
  isRequired: z.boolean(),
  isEach: z.boolean(),
  options: z.array(z.string()),
})

const known = z
  .array(
    z.object({
      ...FormField.shape,
      help: z.string().describe('As it comes.'),
      isEach: z.boolean().describe('Asked for each person.'),
      mayHide: z.boolean().describe('Whether it may be left out.'),
    }),
  )
  .describe('The fields that it comes with, in order.')

const about = { type: z.enum(requestTypes), title: z.string(), known }
const helpsOut = z.record(z.string(), z.string())
const masterOut = { fields: z.array(OwnField), hidden: z.array(z.string()), helps: helpsOut }

export const RequestFormSettings = z
  .object({
    items: z.array(z.object({ ...about, ...masterOut, category: z.string().nullable() })),
    categories: z.array(z.object({ id: z.string(), name: z.string() })).describe('What can be chosen as `category`.'),
    version: z.number().int().describe('0 as long as nothing was ever changed.'),
  })
  .openapi('RequestFormSettings')

export const RequestFormOverlaySettings = z
  .object({
    items: z.array(
      z.object({
        ...about,
        master: z.object(masterOut).describe('What holds for all customers.'),
        fields: z.array(OwnField),
        hidden: z.record(z.string(), z.boolean()),
        helps: helpsOut,
      }),
    ),
    version: z.number().int().describe('0 as long as nothing was ever changed.'),
  })
  .openapi('RequestFormOverlaySettings')

const presentAbout = (type: RequestType) => {
  const { title, whole, person } = formOf(type)
  const hideable = new Set(hideableIn(whole, person))
  const listed = (shape: typeof whole, isEach: boolean) =>
    fieldsOf(shape).map((one) => ({
      ...presentField(one, undefined),
      help: one.help,
      isOwn: false,
      isEach,
      mayHide: hideable.has(one.key),
    }))
  return { type, title, known: [...listed(whole, false), ...listed(person, true)] }
}

const nothing = { fields: [], hidden: [], helps: {} }

export const presentForms = ({ forms, categories, version }: FormsFound): z.infer<typeof RequestFormSettings> => ({
  items: requestTypes.map((type) => {
    const { fields, hidden, helps, category } = forms[type] ?? { ...nothing, category: null }
    return { ...presentAbout(type), fields, hidden, helps, category }
  }),
  categories: categories.map(({ id, name }) => ({ id, name })),
  version,
})

export const presentOverlays = ({
  masters,
  overlays,
  version,
}: OverlaysFound): z.infer<typeof RequestFormOverlaySettings> => ({
  items: requestTypes.map((type) => {
    const { fields, hidden, helps } = masters[type] ?? nothing
    const theirs = overlays[type] ?? { fields: [], hidden: {}, helps: {} }
    return {
      ...presentAbout(type),
      master: { fields, hidden, helps },
      fields: theirs.fields,
      hidden: theirs.hidden,
      helps: theirs.helps,
    }
  }),
  version,
})
