import { For, Show, type JSX } from 'solid-js'
import type { SelfService } from '../../api/shapes.ts'
import { Field } from '../../ui/field.tsx'
import { TextField, type FieldOf, type Form as FormState } from '../../ui/form.tsx'
import { SelectField } from '../../ui/form-inputs.tsx'
import { Checkbox, FieldGroup, Select } from '../../ui/inputs.tsx'
import { Panel } from '../../ui/panel.tsx'
import { admin } from '../../words/admin.ts'
import { selfService as words } from '../../words/self-service.ts'
import { forms, NAMED, reads, type Form, type InForce, type Read, type Values } from './values.ts'
import './self-service.css'

type Person = SelfService['people'][number]
type Options<V extends string> = readonly { value: V; label: string }[]

/** What people of customers do by themselves, in two tables, and how what they ask for is approved. */
export function PolicyFields(props: {
  form: FormState<Values>
  people: Person[]
  /** Of a customer: what holds for all of them, which it may leave anything to. */
  standard?: InForce
}): JSX.Element {
  const isOff = (form: Form) => (props.form.values()[form] || props.standard?.actions[form]) === 'off'
  return (
    <>
      <Panel title={words.looking}>
        <table class="policy-table">
          <Head titles={[words.action, words.holds]} />
          <tbody>
            <For each={reads}>
              {(read) => (
                <tr>
                  <Action name={words.reads[read]} help={words.help[read]} />
                  <td>
                    <Chosen
                      of={props.form.field(read)}
                      label={words.modeOf(words.reads[read])}
                      options={readModes}
                      standard={props.standard?.actions[read]}
                    />
                  </td>
                </tr>
              )}
            </For>
          </tbody>
        </table>
      </Panel>
      <Panel title={words.asking}>
        <p class="quiet policy-lead">{words.askingLead}</p>
        <table class="policy-table">
          <Head titles={[words.action, words.holds, words.whoMayAsk]} />
          <tbody>
            <For each={forms}>
              {(form) => (
                <tr>
                  <Action name={words.forms[form]} help={words.help[form]} />
                  <td>
                    <Chosen
                      of={props.form.field(form)}
                      label={words.modeOf(words.forms[form])}
                      options={form === 'offboarding' ? modes.filter(({ value }) => value !== 'direct') : modes}
                      standard={props.standard?.actions[form]}
                    />
                  </td>
                  <td>
                    <Show when={!isOff(form)}>
                      <Chosen
                        of={props.form.field(`${form}_askers`)}
                        label={words.askerOf(words.forms[form])}
                        options={askers}
                        standard={props.standard?.askers[form]}
                      />
                    </Show>
                  </td>
                </tr>
              )}
            </For>
          </tbody>
        </table>
      </Panel>
      <Approvals {...props} />
    </>
  )
}

const modes: Options<Values[Form]> = (['off', 'direct', 'approval'] as const).map((value) => ({
  value,
  label: words.mode[value],
}))
const readModes: Options<Values[Read]> = (['direct', 'off'] as const).map((value) => ({
  value,
  label: words.readMode[value],
}))
const askers: Options<Values[`${Form}_askers`]> = (['everybody', 'portal_admins'] as const).map((value) => ({
  value,
  label: words.asker[value],
}))

function Head(props: { titles: string[] }): JSX.Element {
  return (
    <thead>
      <tr>
        <For each={props.titles}>{(title) => <th scope="col">{title}</th>}</For>
      </tr>
    </thead>
  )
}

function Action(props: { name: string; help: string }): JSX.Element {
  return (
    <th scope="row">
      {props.name}
      <p class="quiet small">{props.help}</p>
    </th>
  )
}

/** One choice of the table; for who may not change it, what holds in words. */
function Chosen<V extends string>(props: {
  of: FieldOf<V | ''>
  label: string
  options: Options<V | ''>
  standard?: V | undefined
}): JSX.Element {
  const named = (value: string) => props.options.find((option) => option.value === value)?.label ?? ''
  const options = () => withStandard(props.options, props.standard)
  const chosen = (value: string) => options().find((option) => option.value === value)
  return (
    <Show
      when={!props.of.readOnly}
      fallback={
        <>
          {props.of.value() === '' ? named(props.standard ?? '') : named(props.of.value())}
          <Show when={props.of.value() === '' && props.standard}>
            <p class="quiet small">{words.asForAllShort}</p>
          </Show>
        </>
      }
    >
      <Field id={props.of.id} label={props.label} error={props.of.error()} full>
        <Select
          value={props.of.value()}
          options={options()}
          onChange={(value) => {
            const known = chosen(value)
            if (known) props.of.set(known.value)
          }}
        />
      </Field>
    </Show>
  )
}

/** The options with what holds for all customers first, for a customer. */
function withStandard<V extends string>(options: Options<V | ''>, standard: V | undefined): Options<V | ''> {
  const named = options.find(({ value }) => value === standard)?.label
  return named === undefined ? options : [{ value: '', label: words.asForAll(named) }, ...options]
}

function Approvals(props: { form: FormState<Values>; people: Person[]; standard?: InForce }): JSX.Element {
  const yesNo: Options<Values['customerApproves']> = [
    { value: 'yes', label: words.yes },
    { value: 'no', label: words.no },
  ]
  const whom: Options<Values['approvers']> = [
    ...(['technician', 'admin', 'owner'] as const).map((value) => ({ value, label: words.role[value] })),
    { value: NAMED, label: words.named },
  ]
  const nameOf = (id: string) => props.people.find((person) => person.id === id)?.name
  const namesOf = (ids: string[]) => {
    const known = ids.flatMap((id) => nameOf(id) ?? [])
    const goneCount = ids.length - known.length
    return words.people(goneCount === 0 ? known : [...known, words.somebodyGone(goneCount)])
  }
  const standardApprovers = () => {
    if (props.standard === undefined) return undefined
    const { approverIds, approverRole } = props.standard
    return approverIds === null ? words.role[approverRole] : namesOf(approverIds)
  }
  const asForAll = (what: string | undefined) =>
    what === undefined ? [] : [{ value: '' as const, label: words.asForAll(what) }]
  const chosenIds = () => props.form.values().approverIds
  const choose = (id: string, isOn: boolean) =>
    props.form
      .field('approverIds')
      .set(isOn ? [...chosenIds(), id].toSorted() : chosenIds().filter((one) => one !== id))
  const about = ({ name, role, isActive }: Person) => (
    <>
      {name} <span class="quiet">{isActive ? admin.role[role] : words.cannotNow}</span>
    </>
  )
  const standardDays = () => props.standard?.waitDays
  return (
    <Panel title={words.approvals} padded>
      <div class="policy-approvals">
        <SelectField
          of={props.form.field('customerApproves')}
          label={words.customerApproves}
          help={words.customerApprovesHelp}
          options={[
            ...asForAll(
              props.standard === undefined ? undefined : props.standard.customerApproves ? words.yes : words.no,
            ),
            ...yesNo,
          ]}
        />
        <SelectField
          of={props.form.field('approvers')}
          label={words.approvers}
          options={[...asForAll(standardApprovers()), ...whom]}
        />
        <Show when={props.form.values().approvers === NAMED}>
          <Show when={!props.form.readOnly} fallback={<p>{namesOf(chosenIds())}</p>}>
            <FieldGroup
              id={props.form.field('approverIds').id}
              legend={words.choosePeople}
              help={words.namedHelp}
              error={props.form.field('approverIds').error()}
            >
              <div class="stack tight">
                <For each={props.people}>
                  {(person) => (
                    <Checkbox
                      label={about(person)}
                      checked={chosenIds().includes(person.id)}
                      onChange={(isOn) => choose(person.id, isOn)}
                    />
                  )}
                </For>
              </div>
            </FieldGroup>
          </Show>
        </Show>
        <TextField
          of={props.form.field('waitDays')}
          label={words.waitDays}
          help={standardDays() === undefined ? words.waitDaysHelp : words.waitDaysHelpOfOne(standardDays() ?? 0)}
          suffix={` ${words.days}`}
          {...(standardDays() === undefined ? {} : { optional: true, placeholder: String(standardDays()) })}
        />
      </div>
    </Panel>
  )
}
