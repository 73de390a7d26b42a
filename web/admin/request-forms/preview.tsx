import { createMemo, createUniqueId, For, Show, type JSX } from 'solid-js'
import type { RequestField } from '../../api/shapes.ts'
import type { Choices } from '../../requests/choices.ts'
import { FieldInput } from '../../requests/field-input.tsx'
import { emptyValue, inPlace, isFirst } from '../../requests/values.ts'
import { Panel } from '../../ui/panel.tsx'
import { requestForms as words } from '../../words/request-forms.ts'
import type { Fields } from './values.ts'
import '../../requests/requests.css'

/** What there is to choose from differs from customer to customer: one of each stands for it. */
const samples: Choices = {
  state: 'ready',
  retry: () => undefined,
  tenantId: '',
  tenants: [],
  licences: [
    {
      skuId: 'sample',
      tenantId: 'sample',
      name: words.sampleLicence,
      isFree: false,
      boughtCount: null,
      assignedCount: null,
      freeCount: null,
      price: null,
    },
  ],
  groups: [
    {
      id: 'sample',
      tenantId: 'sample',
      name: words.sampleGroup,
      kind: 'distribution',
      mail: null,
      memberCount: 12,
    },
  ],
  firstDay: undefined,
  lastDay: undefined,
  seatsOn: undefined,
  areGuestsMeant: false,
  findPeople: () => Promise.resolve({ found: [], hasMore: false }),
}

/** A form as somebody at a customer finds it. It is looked at, and not filled in. */
export function FormPreview(props: { title: string; of: Fields }): JSX.Element {
  const form = createMemo(() => inPlace(props.of))
  const draw = (fields: RequestField[]) => <For each={fields}>{(field) => <Drawn field={field} />}</For>
  const first = () => form().fields.filter(isFirst)
  const last = () => form().fields.filter((field) => !isFirst(field))
  return (
    <Panel title={props.title} padded>
      <div class="form-preview" inert>
        {draw(first())}
        <Show when={form().personFields.length > 0}>
          <div class="card request-person">
            <p class="quiet small">{words.eachPerson}</p>
            {draw(form().personFields)}
          </div>
        </Show>
        {draw(last())}
      </div>
    </Panel>
  )
}

function Drawn(props: { field: RequestField }): JSX.Element {
  const id = createUniqueId()
  return (
    <FieldInput
      field={props.field}
      of={{
        id,
        name: props.field.key,
        value: () => emptyValue(props.field),
        set: () => undefined,
        error: () => undefined,
        readOnly: false,
      }}
      choices={samples}
      holdings={undefined}
      errorAt={(within) => ({ id: `${id}-${within}`, error: () => undefined })}
    />
  )
}
