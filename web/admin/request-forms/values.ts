/** What an MSP adds to forms, as it is filled in: each thing is a field of its own, so that changes are counted. */
import type {
  RequestField,
  RequestFormOverlaySettings,
  RequestFormOverlaysInput,
  RequestFormSettings,
  RequestFormsInput,
  RequestType,
} from '../../api/shapes.ts'

export type Master = RequestFormSettings['items'][number]
export type Overlay = RequestFormOverlaySettings['items'][number]
export type Known = Master['known'][number]
type Kept = Master['fields'][number]

/** One without an id is new; one that is gone is taken away once it is saved. */
export type Question = Omit<Kept, 'id'> & { id?: string; isGone?: true | undefined }
/** What of it is asked of a customer: empty is as for all customers. */
export type Asked = '' | 'asked' | 'out'

type Helps = { [Key in `helps/${string}`]: string }
export type MasterValues = { fields: Question[]; category: string } & Helps & { [Key in `hidden/${string}`]: boolean }
export type OverlayValues = { fields: Question[] } & Helps & { [Key in `hidden/${string}`]: Asked }

const helpsOf = (keys: readonly string[], helps: Record<string, string>): Helps =>
  Object.fromEntries(keys.map((key) => [`helps/${key}`, helps[key] ?? '']))

const keysOf = (known: readonly Known[]): string[] => known.map(({ key }) => key)

/** Where a customer may have help of its own: at fields, and at questions of the master. */
const helpable = ({ known, master }: Pick<Overlay, 'known' | 'master'>): string[] => [
  ...keysOf(known),
  ...master.fields.map(({ id }) => id),
]

const hideable = (known: readonly Known[]): string[] => known.flatMap(({ key, mayHide }) => (mayHide ? [key] : []))

/** What a customer may have otherwise: fields that can be left out, and questions of the master. */
export const differable = ({ known, master }: Pick<Overlay, 'known' | 'master'>): string[] => [
  ...hideable(known),
  ...master.fields.map(({ id }) => id),
]

/** Of a category that is not offered any more nothing is known: its tickets come under the first one. */
const offered = (category: string | null, { categories }: Pick<RequestFormSettings, 'categories'>): string | null =>
  categories.some(({ id }) => id === category) ? category : null

export const masterValues = (form: Master, settings: RequestFormSettings): MasterValues => ({
  fields: form.fields,
  category: offered(form.category, settings) ?? '',
  ...helpsOf(keysOf(form.known), form.helps),
  ...Object.fromEntries<boolean>(hideable(form.known).map((key) => [`hidden/${key}`, form.hidden.includes(key)])),
})

export const overlayValues = (form: Overlay): OverlayValues => ({
  fields: form.fields,
  ...helpsOf(helpable(form), form.helps),
  ...Object.fromEntries<Asked>(
    differable(form).map((key) => {
      const isOut = form.hidden[key]
      return [`hidden/${key}`, isOut === undefined ? '' : isOut ? 'out' : 'asked']
    }),
  ),
})

/** Those that stay, as they are sent. */
const sentFields = (fields: readonly Question[]) =>
  fields
    .filter(({ isGone }) => isGone !== true)
    .map(({ id, kind, label, help, isRequired, isEach, options }) => ({
      ...(id !== undefined && { id }),
      kind,
      label,
      help,
      isRequired,
      isEach,
      options,
    }))

const sentHelps = (keys: readonly string[], values: Helps): Record<string, string> =>
  Object.fromEntries(
    keys.flatMap((key) => {
      const text = values[`helps/${key}`]?.trim() ?? ''
      return text === '' ? [] : [[key, text]]
    }),
  )

/** All forms, one of them as it was filled in. */
export const mastersIn = (
  settings: RequestFormSettings,
  type: RequestType,
  values: MasterValues,
): RequestFormsInput => ({
  forms: Object.fromEntries(
    settings.items.map((form) => [
      form.type,
      form.type === type
        ? {
            fields: sentFields(values.fields),
            hidden: hideable(form.known).filter((key) => values[`hidden/${key}`] === true),
            helps: sentHelps(keysOf(form.known), values),
            category: values.category === '' ? null : values.category,
          }
        : { fields: form.fields, hidden: form.hidden, helps: form.helps, category: offered(form.category, settings) },
    ]),
  ),
})

/** The same of a customer. What was said of a question that is no longer asked of anybody goes with it. */
export const overlaysIn = (
  settings: RequestFormOverlaySettings,
  type: RequestType,
  values: OverlayValues,
): RequestFormOverlaysInput => ({
  forms: Object.fromEntries(
    settings.items.map((form) => {
      const keys = differable(form)
      return [
        form.type,
        form.type === type
          ? {
              fields: sentFields(values.fields),
              hidden: Object.fromEntries(
                keys.flatMap((key) => {
                  const asked = values[`hidden/${key}`] ?? ''
                  return asked === '' ? [] : [[key, asked === 'out']]
                }),
              ),
              helps: sentHelps(helpable(form), values),
            }
          : {
              fields: form.fields,
              hidden: Object.fromEntries(Object.entries(form.hidden).filter(([key]) => keys.includes(key))),
              helps: Object.fromEntries(Object.entries(form.helps).filter(([key]) => helpable(form).includes(key))),
            },
      ]
    }),
  ),
})

/** The fields of a form as somebody fills it in: of the whole, and of each person. */
export type Fields = { fields: RequestField[]; personFields: RequestField[] }

/** What a form asks in the end: `isOut` says what of it is left out, `helpAt` what help stands at a field. */
export const shownFields = (
  known: readonly Known[],
  questions: readonly Question[],
  isOut: (key: string) => boolean,
  helpAt: (key: string) => string,
): Fields => {
  const of = (isEach: boolean): RequestField[] => [
    ...known
      // Where it is is asked of companies with several environments alone.
      .filter((field) => field.isEach === isEach && field.kind !== 'tenant' && !isOut(field.key))
      .map((field) => ({ ...field, help: helpAt(field.key) || field.help })),
    ...questions
      .filter((question) => question.isEach === isEach && question.isGone !== true)
      .filter(({ id }) => id === undefined || !isOut(id))
      .map(({ id, kind, label, help, isRequired, options }, place) => ({
        key: id ?? `new-${place}`,
        kind: kind === 'person' ? ('user' as const) : kind,
        label,
        help: (id === undefined ? '' : helpAt(id)) || help,
        isRequired,
        isOwn: true,
        options: options.map((option) => ({ value: option, label: option, needsUser: false })),
        lengthMax: null,
        min: null,
        max: null,
        firstDay: null,
        lastDay: null,
      })),
  ]
  return { fields: of(false), personFields: of(true) }
}
