import { createSignal, For, onCleanup, onMount, Show, type JSX } from 'solid-js'
import { ProblemError } from '../../api/problem.ts'
import { createForm, FormDialog, TextAreaField, TextField } from '../../ui/form.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Segments } from '../../ui/states.tsx'
import { admin } from '../../words/admin.ts'
import { Alike } from './alike.tsx'
import { addCustomer, readCustomer, saveCustomer, type Customer, type CustomerInput } from './customers.data.ts'
import { putTogether } from './meanwhile.ts'

const words = admin.customers
/** How often an open form asks whether somebody else has saved; it also asks when one comes back to its window. */
const askEveryMs = 15_000

type Values = { name: string; email: string; phone: string; address: string; notes: string; psaId: string }
type Field = keyof Values
type Contest = { field: Field; theirs: string; mine: string }

const valuesOf = (customer: Customer | undefined): Values => ({
  name: customer?.name ?? '',
  email: customer?.email ?? '',
  phone: customer?.phone ?? '',
  address: customer?.address ?? '',
  notes: customer?.notes ?? '',
  psaId: customer?.psaId ?? '',
})

const trimmed = (values: Values): Values => ({
  name: values.name.trim(),
  email: values.email.trim(),
  phone: values.phone.trim(),
  address: values.address.trim(),
  notes: values.notes.trim(),
  psaId: values.psaId.trim(),
})

/** Adds a customer, or changes one when it is given. */
export function CustomerForm(props: {
  customer?: Customer
  onClose: () => void
  onDone: (customer: Customer) => void
}): JSX.Element {
  // What the form began with, or what somebody else has saved since: what is sent is a change to that.
  let base = props.customer
  const [contests, setContests] = createSignal<Contest[]>([])
  const [taken, setTaken] = createSignal<Field[]>([])
  const form = createForm<Values>({
    initial: valuesOf(props.customer),
    check: (values) => ({
      ...(values.name.trim() === '' && { name: words.enterName }),
      ...(values.email.trim() !== '' && !values.email.includes('@') && { email: words.enterEmail }),
    }),
    save: async (values) => {
      const given = trimmed(values)
      const input: CustomerInput = {
        name: given.name,
        email: given.email || null,
        phone: given.phone || null,
        address: given.address || null,
        notes: given.notes || null,
        psaId: given.psaId || null,
      }
      if (base === undefined) return props.onDone(await addCustomer(input))
      try {
        props.onDone(await saveCustomer(base, input))
      } catch (error) {
        if (!(error instanceof ProblemError) || error.status !== 412) throw error
        // Somebody else's change that touches no field of this form is nothing to ask about.
        if (!takeOver(await readCustomer(base.id))) props.onDone(await saveCustomer(base, input))
      }
    },
  })

  /** Makes what somebody else saved the ground of this form; answers whether there is something to look at. */
  const takeOver = (theirs: Customer): boolean => {
    if (base === undefined || theirs.version <= base.version) return false
    const saved = valuesOf(theirs)
    const { values, taken: fields, contested } = putTogether(valuesOf(base), saved, trimmed(form.values()))
    base = theirs
    for (const field of fields) form.field(field).set(values[field])
    setTaken((before) => [
      ...before.filter((field) => !contested.includes(field)),
      ...fields.filter((field) => !before.includes(field)),
    ])
    setContests((before) => [
      ...before.filter(({ field, mine }) => !contested.includes(field) && saved[field] !== mine),
      ...contested.map((field) => ({ field, theirs: saved[field], mine: form.values()[field] })),
    ])
    return fields.length + contested.length > 0
  }

  onMount(() => {
    const ask = () => {
      const { id } = base ?? {}
      // Saving finds out for certain, so an answer that does not come is no harm here.
      if (id !== undefined && !form.busy())
        readCustomer(id).then(
          (theirs) => form.busy() || takeOver(theirs),
          () => undefined,
        )
    }
    const timer = setInterval(ask, askEveryMs)
    addEventListener('focus', ask)
    onCleanup(() => {
      clearInterval(timer)
      removeEventListener('focus', ask)
    })
  })

  return (
    <FormDialog
      of={form}
      title={props.customer ? words.edit : words.add}
      verb={props.customer ? words.save : words.add}
      busyVerb={props.customer ? words.saving : words.adding}
      onClose={props.onClose}
    >
      <div class="bare" role="alert">
        <Show when={contests().length + taken().length > 0}>
          <Notice kind="warn">
            <b>{words.changedMeanwhile}</b> {contests().length > 0 && words.changedMeanwhileNext}
            <Show when={taken().length > 0}>
              <p>{words.changedMeanwhileTaken(taken().map((field) => words.fieldNames[field]))}</p>
            </Show>
            <For each={contests()}>
              {(contest) => (
                <Contested
                  of={contest}
                  value={form.field(contest.field).value()}
                  onChoose={(value) => form.field(contest.field).set(value)}
                />
              )}
            </For>
          </Notice>
        </Show>
      </div>
      <TextField of={form.field('name')} label={words.fieldName} help={words.fieldNameHelp} />
      <TextField
        of={form.field('email')}
        label={words.fieldEmail}
        help={words.fieldEmailHelp}
        type="email"
        spellcheck={false}
        optional
      />
      <Alike name={form.values().name} email={form.values().email} except={props.customer?.id} />
      <TextField of={form.field('phone')} label={words.fieldPhone} type="tel" optional />
      <TextField of={form.field('address')} label={words.fieldAddress} optional />
      <TextField of={form.field('psaId')} label={words.psaId} help={words.psaIdHelp} optional />
      <TextAreaField of={form.field('notes')} label={words.fieldNotes} help={words.fieldNotesHelp} rows={3} optional />
    </FormDialog>
  )
}

/** One field that both changed: what each has, and a choice between them. */
function Contested(props: { of: Contest; value: string; onChoose: (value: string) => void }): JSX.Element {
  const title = () => words.fieldNames[props.of.field]
  return (
    <div class="contested">
      <b>{title()}</b>
      <dl>
        <dt>{words.theirs}</dt>
        <dd>{props.of.theirs || <span class="quiet">{words.nothing}</span>}</dd>
        <dt>{words.mine}</dt>
        <dd>{props.of.mine || <span class="quiet">{words.nothing}</span>}</dd>
      </dl>
      <Segments
        label={title()}
        value={props.value === props.of.theirs ? 'theirs' : 'mine'}
        options={[
          { value: 'mine', label: words.keepMine },
          { value: 'theirs', label: words.takeTheirs },
        ]}
        onChange={(choice) => props.onChoose(choice === 'theirs' ? props.of.theirs : props.of.mine)}
      />
    </div>
  )
}
