import { createResource, createSignal, For, Show, type JSX } from 'solid-js'
import { Button, IconButton } from '../../ui/button.tsx'
import { FieldGroup, RadioGroup } from '../../ui/inputs.tsx'
import { createForm, TextField, type FieldOf } from '../../ui/form.tsx'
import { FormDialog } from '../../ui/form-dialog.tsx'
import { TextAreaField } from '../../ui/form-inputs.tsx'
import { cross, plus } from '../../ui/icon.tsx'
import { SearchBox } from '../../ui/search-box.tsx'
import { canSearch, searchLengthMax } from '../../ui/searching.ts'
import { admin } from '../../words/admin.ts'
import { clockIn, instantIn } from '../../words/format.ts'
import { listCustomers } from '../customers/customers.data.ts'
import { addNotice, saveNotice, type Notice, type NoticeInput } from './notices.data.ts'
import './notices.css'

const words = admin.notices
const dayMs = 86_400_000

type Chosen = { id: string; name: string }
type Kind = Notice['kind']

/** Writes a notice, or changes one when it is given. Times are those of a clock at the MSP. */
export function NoticeForm(props: {
  notice: Notice | undefined
  timeZone: string
  onClose: () => void
  onDone: (notice: Notice) => void
}): JSX.Element {
  const clock = (at: string | number) => clockIn(props.timeZone, new Date(at))
  const initial: {
    title: string
    text: string
    kind: Kind
    startsAt: string
    endsAt: string
    audience: 'all' | 'chosen'
    customerIds: Chosen[]
  } = {
    title: props.notice?.title ?? '',
    text: props.notice?.text ?? '',
    kind: props.notice?.kind ?? 'info',
    startsAt: clock(props.notice?.startsAt ?? Date.now()),
    endsAt: clock(props.notice?.endsAt ?? Date.now() + dayMs),
    audience: props.notice?.customers ? 'chosen' : 'all',
    customerIds: props.notice?.customers ?? [],
  }
  const form = createForm({
    initial,
    check: (values) => ({
      ...(values.title.trim() === '' && { title: words.enterTitle }),
      ...(values.text.trim() === '' && { text: words.enterText }),
      ...(values.startsAt === '' && { startsAt: words.enterTime }),
      ...(values.endsAt === '' && { endsAt: words.enterTime }),
      ...(values.endsAt !== '' && values.endsAt <= values.startsAt && { endsAt: words.endsFirst }),
      ...(values.audience === 'chosen' && values.customerIds.length === 0 && { customerIds: words.chooseCustomer }),
    }),
    save: async (values) => {
      const input: NoticeInput = {
        title: values.title.trim(),
        text: values.text.trim(),
        kind: values.kind,
        startsAt: instantIn(props.timeZone, values.startsAt).toISOString(),
        endsAt: instantIn(props.timeZone, values.endsAt).toISOString(),
        customerIds: values.audience === 'all' ? null : values.customerIds.map(({ id }) => id),
      }
      props.onDone(await (props.notice ? saveNotice(props.notice, input) : addNotice(input)))
    },
  })
  const [kind, audience] = [form.field('kind'), form.field('audience')]
  return (
    <FormDialog
      of={form}
      title={props.notice ? words.edit : words.add}
      verb={props.notice ? words.save : words.publish}
      busyVerb={props.notice ? words.saving : words.publishing}
      onClose={props.onClose}
    >
      <TextField of={form.field('title')} label={words.fieldTitle} help={words.fieldTitleHelp} />
      <TextAreaField of={form.field('text')} label={words.fieldText} help={words.fieldTextHelp} rows={5} />
      <div class="notice-times">
        <TextField
          of={form.field('startsAt')}
          label={words.starts}
          type="datetime-local"
          help={words.inZone(props.timeZone)}
        />
        <TextField of={form.field('endsAt')} label={words.ends} type="datetime-local" />
      </div>
      <RadioGroup
        legend={words.kind}
        value={kind.value()}
        options={(['info', 'warning'] as const).map((value) => ({
          value,
          label: words.kinds[value],
          help: words.kindHelp[value],
        }))}
        onChange={(value) => kind.set(value === 'warning' ? 'warning' : 'info')}
      />
      <RadioGroup
        legend={words.audience}
        value={audience.value()}
        options={[
          { value: 'all', label: words.all, help: words.allHelp },
          { value: 'chosen', label: words.chosen },
        ]}
        onChange={(value) => audience.set(value === 'chosen' ? 'chosen' : 'all')}
      />
      <Show when={audience.value() === 'chosen'}>
        <CustomerPicker of={form.field('customerIds')} />
      </Show>
    </FormDialog>
  )
}

/** Finds customers one after the other and holds them as a list. */
function CustomerPicker(props: { of: FieldOf<Chosen[]> }): JSX.Element {
  const [query, setQuery] = createSignal('')
  const wanted = () => (canSearch(query()) ? query() : undefined)
  const [found] = createResource(wanted, async (q: string) => (await listCustomers({ q, limit: 8 })).items)
  const offered = () =>
    (wanted() !== undefined && found.state === 'ready' ? found() : []).filter(
      ({ id }) => !props.of.value().some((chosen) => chosen.id === id),
    )
  return (
    <FieldGroup legend={words.customersChosen} id={props.of.id} error={props.of.error()}>
      <div class="stack tight">
        <ul class="chosen">
          <For each={props.of.value()}>
            {(customer) => (
              <li>
                <span>{customer.name}</span>
                <IconButton
                  icon={cross}
                  label={words.takeOff(customer.name)}
                  onClick={() => props.of.set(props.of.value().filter(({ id }) => id !== customer.id))}
                />
              </li>
            )}
          </For>
        </ul>
        <SearchBox
          label={words.find}
          placeholder={words.findPlaceholder}
          value={query()}
          maxLength={searchLengthMax}
          onSearch={setQuery}
        />
        <div class="stack tight" aria-live="polite">
          <For each={offered()}>
            {(customer) => (
              <Button
                look="plain"
                icon={plus}
                onClick={() => {
                  props.of.set([...props.of.value(), { id: customer.id, name: customer.name }])
                  setQuery('')
                }}
              >
                <span class="sr">{words.addCustomer(customer.name)}</span>
                <span aria-hidden="true">{customer.name}</span>
              </Button>
            )}
          </For>
          <Show when={found.state === 'ready' && wanted() !== undefined && found()?.length === 0}>
            <p class="quiet">{words.findNothing}</p>
          </Show>
        </div>
      </div>
    </FieldGroup>
  )
}
