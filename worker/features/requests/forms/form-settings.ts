import { eq, sql } from 'drizzle-orm'
import type { z } from '@hono/zod-openapi'
import { customers, requestFormOverlays, requestForms, requestTypes } from '../../../../db/shard/schema.ts'
import type { FormMaster, FormOverlay, OwnField } from '../../../../db/shard/schema.ts'
import { now } from '../../../clock.ts'
import { alongside } from '../../../http/alongside.ts'
import { firstOrNext, refuseUnexpected } from '../../../http/if-match.ts'
import type { Expected } from '../../../http/if-match.ts'
import { pointerOf } from '../../../http/pointer.ts'
import { Problem, missing } from '../../../http/problem.ts'
import type { FieldError } from '../../../http/problem.ts'
import { newId } from '../../../tenancy/ids.ts'
import type { AnswersOf } from '../../../tenancy/plan.ts'
import { revised } from '../../../tenancy/revised.ts'
import type { FieldChange, MspScope } from '../../../tenancy/scope.ts'
import { offeredCategories, settingsOf, settingsRead } from '../../tickets/index.ts'
import { formOf, formTitles } from './any-form.ts'
import type { RequestType } from './any-form.ts'
import { fieldsOf } from './fields.ts'
import type { FormInput, OverlayInput, RequestFormOverlaysInput, RequestFormsInput } from './form-settings.schema.ts'
import { hideableIn } from './own-fields.ts'

type Masters = (typeof requestForms.$inferSelect)['forms']
type Overlays = (typeof requestFormOverlays.$inferSelect)['forms']

export type FormsFound = { forms: Masters; categories: { id: string; name: string }[]; version: number }
export type OverlaysFound = { masters: Masters; overlays: Overlays; version: number }

const mastersRead = (msp: MspScope) => msp.select().from(requestForms).where(msp.mine(requestForms))

/** What both reading and saving the forms of all customers start from. */
export const formReads = alongside((msp) => [mastersRead(msp), settingsRead(msp)])

/** How the MSP wants its forms; as they come, as long as it said nothing. */
export const readForms = ([[row], [settings]]: AnswersOf<typeof formReads.reads>): FormsFound => ({
  forms: row?.forms ?? {},
  categories: offeredCategories(settingsOf(settings)),
  version: row?.version ?? 0,
})

/**
 * Replaces how the MSP wants its forms, for all customers at once: requests that were made keep what was answered. Problems:
 * `stale`; `invalid` at each field that is not there, cannot be left out, or is no question known.
 */
export const saveForms = async (
  msp: MspScope,
  reads: AnswersOf<typeof formReads.reads>,
  input: z.infer<typeof RequestFormsInput>,
  wanted: Expected,
): Promise<FormsFound> => {
  const [[before]] = reads
  const found = readForms(reads)
  refuseUnexpected(found, wanted)
  const faults: FieldError[] = []
  const forms = each(input.forms, (type, given) => masterOf(type, given, found, faults))
  refuse(faults)
  const after = revised({ version: 0, ...before, forms: found.forms }, { forms })
  if (after.version === found.version) return found
  const categoryOf = (id: string) => found.categories.find((one) => one.id === id)?.name ?? id
  const changes = toldChanges('request_forms', found.forms, forms, { categoryOf })
  await firstOrNext(() =>
    msp.commit(
      { action: 'settings.request_forms_changed', subject: { kind: 'settings', id: msp.mspId, name: 'Forms' } },
      before === undefined
        ? msp.add(requestForms, { id: msp.mspId, forms: inRow(forms) })
        : msp.changeWhere(requestForms, before.id, eq(requestForms.version, before.version), {
            forms,
            version: after.version,
          }),
      msp.telling(...changes),
    ),
  )
  return { ...found, forms, version: after.version }
}

/** What saving a customer's forms starts from. */
const overlayReads = async (msp: MspScope, customerId: string) => {
  const customer = msp.forCustomer(customerId)
  const [[itself], [row], [master]] = await customer.readAll([
    customer.select({ name: customers.name }).from(customers).where(customer.mine(customers)),
    // What a merge brought along of another customer is not theirs: its id says so.
    customer
      .select()
      .from(requestFormOverlays)
      .where(customer.mine(requestFormOverlays, eq(requestFormOverlays.id, customerId))),
    customer.select({ forms: requestForms.forms }).from(requestForms).where(customer.mine(requestForms)),
  ])
  if (itself === undefined) throw missing('customer')
  return { name: itself.name, row, masters: master?.forms ?? {} }
}

/** What a customer's forms have otherwise. Problem `missing`. */
export const readOverlays = async (msp: MspScope, customerId: string): Promise<OverlaysFound> => {
  const { row, masters } = await overlayReads(msp, customerId)
  return { masters, overlays: row?.forms ?? {}, version: row?.version ?? 0 }
}

/** Replaces it. Problems: `missing`; `stale`; `invalid` as above; `conflict` when archived. */
export const saveOverlays = async (
  msp: MspScope,
  customerId: string,
  input: z.infer<typeof RequestFormOverlaysInput>,
  wanted: Expected,
): Promise<OverlaysFound> => {
  const { name, row: before, masters } = await overlayReads(msp, customerId)
  const found = { masters, overlays: before?.forms ?? {}, version: before?.version ?? 0 }
  refuseUnexpected(found, wanted)
  const faults: FieldError[] = []
  const forms = each(input.forms, (type, given) => overlayOf(type, given, found, faults))
  refuse(faults)
  const after = revised({ version: 0, ...before, forms: found.overlays }, { forms })
  if (after.version === found.version) return found
  const customer = msp.forCustomer(customerId)
  await firstOrNext(() =>
    customer.commit(
      { action: 'customer.request_forms_changed', subject: { kind: 'customer', id: customerId, name } },
      before === undefined
        ? customer.add(requestFormOverlays, { id: customerId, forms: inRow(forms) })
        : customer.changeWhere(requestFormOverlays, before.id, eq(requestFormOverlays.version, before.version), {
            forms,
            version: after.version,
          }),
      customer.telling(...toldChanges('request_form_overlays', found.overlays, forms, { masters })),
    ),
  )
  return { ...found, overlays: forms, version: after.version }
}

/** As it stands in the row; what changes of it is told in words. */
const inRow = (forms: Masters | Overlays) => sql`${JSON.stringify(forms)}`

const refuse = (faults: FieldError[]): void => {
  if (faults.length > 0) throw new Problem('invalid', 'Some forms cannot be as they are.', { errors: faults })
}

/** Those that say anything, in the order of types: the same choice is the same value. */
const each = <Given, Kept>(
  given: Partial<Record<RequestType, Given | undefined>>,
  keptOf: (type: RequestType, one: Given) => Kept | undefined,
): Partial<Record<RequestType, Kept>> =>
  Object.fromEntries(
    requestTypes.flatMap((type) => {
      const one = given[type]
      const kept = one === undefined ? undefined : keptOf(type, one)
      return kept === undefined ? [] : [[type, kept]]
    }),
  )

const masterOf = (
  type: RequestType,
  given: z.infer<typeof FormInput>,
  { forms, categories }: FormsFound,
  faults: FieldError[],
): FormMaster | undefined => {
  const at = `/forms/${type}`
  const { hideable, keys } = keysOf(type)
  given.hidden.forEach((key, place) => {
    if (!hideable.has(key)) faults.push({ pointer: `${at}/hidden/${place}`, detail: NOT_HIDDEN })
  })
  refuseUnknownHelps(given.helps, (key) => keys.has(key), at, faults)
  if (given.category !== null && !categories.some(({ id }) => id === given.category))
    faults.push({ pointer: `${at}/category`, detail: 'Choose one of the categories.' })
  const master = {
    fields: questionsOf(given.fields, forms[type]?.fields ?? [], at, faults),
    hidden: [...hideable].filter((key) => given.hidden.includes(key)),
    helps: inOrder(given.helps),
    category: given.category,
  }
  const saysNothing = isNothing(master) && master.category === null
  return saysNothing ? undefined : master
}

const overlayOf = (
  type: RequestType,
  given: z.infer<typeof OverlayInput>,
  { masters, overlays }: OverlaysFound,
  faults: FieldError[],
): FormOverlay | undefined => {
  const at = `/forms/${type}`
  const { hideable, keys } = keysOf(type)
  const ofMaster = new Set(masters[type]?.fields.map(({ id }) => id))
  const isThere = (key: string) => hideable.has(key) || ofMaster.has(key)
  // Of a question that the MSP has taken back nothing is left to say.
  const known = new Set([overlays[type]?.hidden, overlays[type]?.helps].flatMap((said) => Object.keys(said ?? {})))
  const helped = (key: string) => keys.has(key) || ofMaster.has(key)
  for (const key of Object.keys(given.hidden))
    if (!isThere(key) && !known.has(key))
      faults.push({ pointer: `${at}${pointerOf('hidden', key)}`, detail: NOT_HIDDEN })
  refuseUnknownHelps(given.helps, (key) => helped(key) || known.has(key), at, faults)
  const overlay = {
    fields: questionsOf(given.fields, overlays[type]?.fields ?? [], at, faults),
    hidden: inOrder(Object.fromEntries(Object.entries(given.hidden).filter(([key]) => isThere(key)))),
    helps: inOrder(Object.fromEntries(Object.entries(given.helps).filter(([key]) => helped(key)))),
  }
  return isNothing(overlay) ? undefined : overlay
}

const NOT_HIDDEN = 'This cannot be left out.'

const keysOf = (type: RequestType) => {
  const { whole, person } = formOf(type)
  return {
    hideable: new Set(hideableIn(whole, person)),
    keys: new Set([...fieldsOf(whole), ...fieldsOf(person)].map(({ key }) => key)),
  }
}

const refuseUnknownHelps = (
  helps: Record<string, string>,
  isThere: (key: string) => boolean,
  at: string,
  faults: FieldError[],
): void => {
  for (const key of Object.keys(helps))
    if (!isThere(key)) faults.push({ pointer: `${at}${pointerOf('helps', key)}`, detail: 'There is no such field.' })
}

const questionsOf = (
  given: z.infer<typeof FormInput>['fields'],
  known: readonly OwnField[],
  at: string,
  faults: FieldError[],
): OwnField[] =>
  given.map(({ id, kind, label, help, isRequired, isEach, options }, place) => {
    const isKnown = id !== undefined && known.some((one) => one.id === id)
    const isTwice = given.findIndex((one) => one.id !== undefined && one.id === id)
    if (id !== undefined && (!isKnown || isTwice !== place))
      faults.push({ pointer: `${at}/fields/${place}/id`, detail: 'There is no such question.' })
    return { id: id ?? newId(now()), kind, label, help, isRequired, isEach, options }
  })

/** By their keys, so that the same choice is the same value. */
const inOrder = <Value>(values: Record<string, Value>): Record<string, Value> =>
  Object.fromEntries(Object.entries(values).toSorted(([one], [other]) => (one < other ? -1 : 1)))

const isNothing = ({ fields, hidden, helps }: { fields: unknown[]; hidden: object; helps: object }): boolean =>
  fields.length === 0 && Object.keys(hidden).length === 0 && Object.keys(helps).length === 0

/** What is told of a change, form by form: what is otherwise of it, in words; questions of the masters by what they ask. */
const toldChanges = (
  table: string,
  before: Masters | Overlays,
  after: Masters | Overlays,
  { masters = {}, categoryOf = (id) => id }: { masters?: Masters; categoryOf?: (id: string) => string },
): FieldChange[] =>
  requestTypes.flatMap((type) => {
    const questions = new Map(masters[type]?.fields.map(({ id, label }) => [id, label]))
    const nameOf = (key: string) => questions.get(key) ?? key
    const [was, is] = [partsOf(before[type], nameOf, categoryOf), partsOf(after[type], nameOf, categoryOf)]
    const [wordsBefore, wordsAfter] = [wordsOf(was, is), wordsOf(is, was)]
    return wordsBefore === wordsAfter
      ? []
      : [{ table, field: formTitles[type], before: wordsBefore, after: wordsAfter }]
  })

const wordsOf = (parts: ReadonlyMap<string, string>, others: ReadonlyMap<string, string>): string => {
  const isAlike = [parts, others].every((ones, place, both) =>
    [...ones.keys()].every((part) => !part.startsWith('question ') || both[1 - place]?.has(part)),
  )
  return (
    [...parts]
      // In which order questions are asked is worth a word only where they are the same ones.
      .flatMap(([part, words]) => (others.get(part) === words || (part === 'order' && !isAlike) ? [] : [words]))
      .join(' · ')
  )
}

/** Everything that a form says, each by itself. */
const partsOf = (
  form: FormMaster | FormOverlay | undefined,
  nameOf: (key: string) => string,
  categoryOf: (id: string) => string,
): ReadonlyMap<string, string> => {
  if (form === undefined) return new Map()
  const hidden: [string, boolean][] = Array.isArray(form.hidden)
    ? form.hidden.map((key) => [key, true])
    : Object.entries(form.hidden)
  const category = 'category' in form ? form.category : null
  return new Map([
    ...form.fields.map((one): [string, string] => [`question ${one.id}`, questionWords(one)]),
    ...hidden.map(([key, isOut]): [string, string] => [
      `hidden ${key}`,
      `${isOut ? 'without' : 'with'} ${nameOf(key)}`,
    ]),
    ...Object.entries(form.helps).map(([key, text]): [string, string] => [`help ${key}`, `${nameOf(key)}: ${text}`]),
    ...(category === null ? [] : [['category', `tickets in ${categoryOf(category)}`] as const]),
    ...(form.fields.length < 2
      ? []
      : [['order', `in this order: ${form.fields.map(({ label }) => label).join(', ')}`] as const]),
  ])
}

const kindWords: Record<OwnField['kind'], string> = {
  text: 'a text',
  choice: 'one of',
  date: 'a day',
  person: 'a person',
}

const questionWords = ({ label, kind, help, isRequired, isEach, options }: OwnField): string => {
  const asked = kind === 'choice' ? `${kindWords[kind]} ${options.join(', ')}` : kindWords[kind]
  const about = [asked, isRequired ? 'needed' : 'may be left out', isEach ? 'of each person' : 'once']
  return `${label} (${about.join('; ')})${help === '' ? '' : `: ${help}`}`
}
