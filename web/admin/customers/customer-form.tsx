import { createSignal, For, onCleanup, onMount, Show, type JSX } from 'solid-js'
import { ProblemError } from '../../api/problem.ts'
import { Checkbox, FieldGroup } from '../../ui/inputs.tsx'
import { createForm, TextField, type FieldOf } from '../../ui/form.tsx'
import { FormDialog } from '../../ui/form-dialog.tsx'
import { TextAreaField } from '../../ui/form-inputs.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Segments } from '../../ui/states.tsx'
import { access } from '../../words/access.ts'
import { admin } from '../../words/admin.ts'
import { closePortal, reopenPortal } from '../brand/brand.data.ts'
import { suggestPrefix } from '../portals/suggest-prefix.ts'
import { useStaff } from '../staff.tsx'
import { Alike } from './alike.tsx'
import {
  addCustomer,
  enablePortal,
  readCustomer,
  saveCustomer,
  type Customer,
  type CustomerInput,
} from './customers.data.ts'
import { putTogether } from './meanwhile.ts'

const words = admin.customers
const portalWords = access.portal
/** How often an open form asks whether somebody else has saved; it also asks when one comes back to its window. */
const askEveryMs = 15_000

type Values = { name: string; email: string; phone: string; address: string; notes: string; psaId: string }
type Field = keyof Values
/** What the form asks beside: whether there is a portal, and how it begins. */
type Asked = Values & { hasPortal: boolean; portalPrefix: string; portalAdminName: string }
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
  const staff = useStaff()
  const isNew = props.customer === undefined
  /** The address follows the name until somebody types another. */
  const [typedPrefix, setTypedPrefix] = createSignal(false)
  const hadPortal = props.customer?.portal.state === 'enabled'
  const neverHad = () => (base?.portal.state ?? 'none') === 'none'
  const form = createForm<Asked>({
    initial: {
      ...valuesOf(props.customer),
      hasPortal: hadPortal,
      portalPrefix: suggestPrefix(props.customer?.name ?? ''),
      portalAdminName: '',
    },
    check: (values) => ({
      ...(values.hasPortal &&
        neverHad() && {
          ...(values.email.trim() === '' && { email: portalWords.emailWanted }),
          ...(values.portalPrefix.trim() === '' && { portalPrefix: portalWords.enterPrefix }),
        }),
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
      const portal = {
        portalPrefix: values.portalPrefix.trim(),
        portalAdminName: values.portalAdminName.trim() || null,
      }
      if (base === undefined)
        return props.onDone(
          await addCustomer({
            ...input,
            ...(values.hasPortal ? portal : { portalPrefix: null, portalAdminName: null }),
          }),
        )
      // Opened before and closed after the rest: the e-mail names the admin, who changes only while it is open.
      if (values.hasPortal && base.portal.state === 'disabled') await openThe(base)
      try {
        base = await saveCustomer(base, input)
      } catch (error) {
        if (!(error instanceof ProblemError) || error.status !== 412) throw error
        // Somebody else's change that touches no field of this form is nothing to ask about.
        if (takeOver(await readCustomer(base.id))) return undefined
        base = await saveCustomer(base, input)
      }
      if (values.hasPortal && base.portal.state === 'none') base = await enablePortal(base.id, portal)
      else if (!values.hasPortal && base.portal.state === 'enabled') {
        await closePortal(base.id)
        base = await readCustomer(base.id)
      }
      return props.onDone(base)
    },
  })
  const openThe = async (customer: Customer) => {
    await reopenPortal(customer.id)
    base = await readCustomer(customer.id)
  }

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

  const name = (): FieldOf<string> => {
    const field = form.field('name')
    return {
      ...field,
      set: (value) => {
        field.set(value)
        if (isNew && !typedPrefix()) form.field('portalPrefix').set(suggestPrefix(value))
      },
    }
  }
  const prefix = (): FieldOf<string> => {
    const field = form.field('portalPrefix')
    return {
      ...field,
      set: (value) => {
        setTypedPrefix(true)
        field.set(value)
      },
    }
  }
  /** A customer that is disabled or archived keeps its portal as it is. */
  const mayChangePortal = () => props.customer?.state === 'active'
  const emailHelp = () => {
    if (props.customer === undefined || props.customer.portal.state === 'none')
      return form.values().hasPortal ? access.admin.emailHelp : words.fieldEmailHelp
    return form.values().hasPortal ? access.admin.emailHelp : access.admin.emailClosed
  }

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
      <TextField of={name()} label={words.fieldName} help={words.fieldNameHelp} />
      <TextField
        of={form.field('email')}
        label={words.fieldEmail}
        help={emailHelp()}
        type="email"
        spellcheck={false}
        optional={!form.values().hasPortal}
      />
      <Alike name={form.values().name} email={form.values().email} except={props.customer?.id} />
      <TextField of={form.field('phone')} label={words.fieldPhone} type="tel" optional />
      <TextField of={form.field('address')} label={words.fieldAddress} optional />
      <TextField of={form.field('psaId')} label={words.psaId} help={words.psaIdHelp} optional />
      <Show when={isNew || mayChangePortal()}>
        <FieldGroup legend={admin.contacts.customerPortal}>
          <Checkbox
            label={neverHad() ? portalWords.inForm : portalWords.inFormEdit}
            help={neverHad() ? portalWords.inFormHelp : portalWords.inFormEditHelp}
            checked={form.values().hasPortal}
            onChange={(on) => form.field('hasPortal').set(on)}
          />
        </FieldGroup>
      </Show>
      <Show when={form.values().hasPortal && neverHad()}>
        <TextField
          of={prefix()}
          label={portalWords.prefix}
          suffix={`.${staff.boot.portalSuffix}`}
          spellcheck={false}
          help={portalWords.prefixHelp(`${prefix().value().trim().toLowerCase() || '…'}.${staff.boot.portalSuffix}`)}
        />
        <TextField
          of={form.field('portalAdminName')}
          label={portalWords.adminName}
          help={portalWords.adminNameHelp}
          optional
        />
      </Show>
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
