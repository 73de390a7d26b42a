import { useNavigate, useSearchParams } from '@solidjs/router'
import { batch, createEffect, For, Index, on, Show, type JSX } from 'solid-js'
import { ProblemError } from '../../api/problem.ts'
import type { RequestField, RequestForm, RequestInput } from '../../api/shapes.ts'
import type { PortalBoot } from '../../boot.ts'
import { beginningOf, keptValues } from '../../requests/beginning.ts'
import type { Holdings } from '../../requests/choices.ts'
import { cleared } from '../../requests/environment.ts'
import { FieldInput, isHeld } from '../../requests/field-input.tsx'
import {
  emptyPerson,
  inOrder,
  inputOf,
  isChosen,
  isFirst,
  pathOf,
  personCountIn,
  placesWithin,
  withoutPerson,
  type Chosen,
  type Value,
  type Values,
} from '../../requests/values.ts'
import { forgetDraft, keepDraft, readDraft, type DraftPlace } from '../../tickets/draft.ts'
import { Button } from '../../ui/button.tsx'
import { ErrorSummary } from '../../ui/error-summary.tsx'
import { createForm, type FieldOf } from '../../ui/form.tsx'
import { plus } from '../../ui/icon.tsx'
import { say } from '../../ui/messages.tsx'
import { Notice } from '../../ui/notice.tsx'
import { words } from '../../words/portal-requests.ts'
import { createChoices } from './choices.ts'
import { missingIn } from './missing.ts'
import { Person } from './person.tsx'
import { checkRequest, sendRequest } from './requests.data.ts'
import { createWarnings } from './warnings.ts'
import '../../requests/requests.css'

/** A form as somebody fills it in. What is filled in is kept until it is sent. */
export function FilledForm(props: {
  boot: PortalBoot
  form: RequestForm
  place: DraftPlace
  onAfresh: () => void
}): JSX.Element {
  const navigate = useNavigate()
  const [asked, setAsked] = useSearchParams<{ tenantId?: string; skuId?: string }>()
  const { boot, form: about, place } = props
  const isAboutPeople = about.personFields.length > 0
  const draft = readDraft(place)
  const kept = keptValues(draft?.values['filled'])
  let sentAs = draft?.sentAs ?? null
  let done = false

  const ordered = (values: Values) => inOrder(about, values)

  /** Of several people it is told of which one something is missing. */
  const inSeveral = (path: string, text: string): string => {
    const place = Number(/^people\/(\d+)\//.exec(path)?.[1] ?? -1)
    const count = people().length
    return place < 0 || count < 2 ? text : words.ofPerson(words.person(place, count, nameAt(place)), text)
  }
  const form = createForm<Values>({
    initial: beginningOf(about, { tenantId: asked.tenantId, skuId: asked.skuId }, kept),
    check: (values) =>
      Object.fromEntries(Object.entries(missingIn(about, values)).map(([path, text]) => [path, inSeveral(path, text)])),
    places: (values) => placesWithin(about, values),
    tell: inSeveral,
    save: async (values) => {
      sentAs ??= crypto.randomUUID()
      keep()
      const made = await sendRequest(boot.customerId, inputFrom(values), sentAs).catch((error: unknown) => {
        // What was answered was not taken, so it is another one the next time.
        if (error instanceof ProblemError && error.status !== 0 && error.status < 500) sentAs = null
        throw error
      })
      done = true
      forgetDraft(place)
      say(made.ticket === null ? words.sent(made.subject) : words.sentDirect(made.subject))
      navigate(`/requests/${made.id}`, { replace: true })
    },
  })
  const inputFrom = (values: Values) => {
    const { tenantId } = choices()
    // Which one is meant is known once it is known which there are; until then it is as it was chosen.
    return inputOf(about, choices().state === 'ready' ? { ...values, tenantId } : values) as RequestInput
  }

  const keep = () => {
    if (done) return
    if (!form.dirty() && kept === undefined) forgetDraft(place)
    else keepDraft(place, { values: { filled: JSON.stringify(form.values()) }, files: [], sentAs })
  }
  createEffect(
    on(
      form.values,
      () => {
        sentAs = null
        keep()
      },
      { defer: true },
    ),
  )

  const choices = createChoices(boot.customerId, about.type, form.values)
  const fields = () => about.fields.filter(({ kind }) => kind !== 'tenant' || choices().tenants.length > 1)

  const warnings = createWarnings(form.values, (values) => checkRequest(boot.customerId, inputFrom(values)))
  const people = () => Array.from({ length: personCountIn(form.values()) }, (_, index) => index)
  const userAt = (index: number): Chosen | undefined => {
    const user = form.values()[pathOf(index, 'userId')]
    return isChosen(user) ? user : undefined
  }
  const nameAt = (index: number): string => {
    const values = form.values()
    const user = userAt(index)
    if (user !== undefined) return user.name
    return ['givenName', 'familyName']
      .map((key) => values[pathOf(index, key)])
      .filter((part): part is string => typeof part === 'string' && part.trim() !== '')
      .join(' ')
  }
  /** What was chosen for somebody else’s things says nothing of theirs. */
  const fieldOf = (path: string): FieldOf<Value> => {
    const field = form.field(path)
    if (path === 'tenantId')
      return {
        ...field,
        value: () => choices().tenantId,
        set: (tenantId) => {
          form.put({ ...cleared(about, form.values()), tenantId })
          setAsked({ tenantId: undefined, skuId: undefined }, { replace: true })
        },
      }
    if (path === 'skuId')
      return {
        ...field,
        set: (skuId) => {
          field.set(skuId)
          setAsked({ tenantId: undefined, skuId: undefined }, { replace: true })
        },
      }
    const person = /^people\/(\d+)\/userId$/.exec(path)?.[1]
    if (person === undefined) return field
    const set = (value: Value) =>
      batch(() => {
        field.set(value)
        for (const { key } of about.personFields.filter(isHeld)) form.field(pathOf(Number(person), key)).set([])
      })
    return { ...field, set }
  }
  const input = (path: string, field: RequestField, holdings?: () => Holdings | undefined) => (
    <FieldInput
      field={field}
      of={fieldOf(path)}
      choices={choices()}
      holdings={holdings?.()}
      warning={warnings()[`/${path}`]}
      errorAt={(within) => form.field(`${path}/${within}`)}
    />
  )
  const headId = (index: number) => `${form.field(pathOf(index, 'head')).id}`
  const addPerson = () => {
    const place = personCountIn(form.values())
    form.put(ordered({ ...form.values(), ...emptyPerson(about.personFields, place) }))
    const [first] = about.personFields
    if (first !== undefined) document.getElementById(form.field(pathOf(place, first.key)).id)?.focus()
  }
  const removePerson = (place: number) => {
    const before = form.values()
    const title = words.person(place, people().length, nameAt(place))
    form.put(withoutPerson(before, place))
    const left = people().length
    ;(left === 0 ? addButton : document.getElementById(headId(Math.min(place, left - 1))))?.focus()
    say(words.personRemoved(title), { act: { label: words.putBack, do: () => form.put(before) } })
  }
  let addButton: HTMLElement | undefined
  return (
    <form class="request-form" novalidate onSubmit={form.submit}>
      <Show when={kept}>
        <Notice end={<Button onClick={() => props.onAfresh()}>{words.discard}</Button>}>
          <b>{words.draftTitle}</b> {words.draftText}
        </Notice>
      </Show>
      <ErrorSummary of={form} />
      <p class="sr" role="status">
        {Object.values(warnings()).join(' ')}
      </p>
      <Show when={fields().some(isFirst)}>
        <section class="card request-whole">
          <For each={fields().filter(isFirst)}>{(field) => input(field.key, field)}</For>
        </section>
      </Show>
      <Show when={isAboutPeople}>
        <Index each={people()}>
          {(_, index) => (
            <Person
              boot={boot}
              fields={about.personFields}
              user={userAt(index)}
              place={index}
              headId={headId(index)}
              title={words.person(index, people().length, nameAt(index))}
              input={input}
              onRemove={people().length > about.peopleMin ? () => removePerson(index) : undefined}
            />
          )}
        </Index>
        <Show when={people().length < about.peopleMax}>
          <div ref={(box) => (addButton = box)} tabindex="-1">
            <Button icon={plus} onClick={addPerson}>
              {people().length === 0 ? words.addFirstPerson : words.addPerson}
            </Button>
          </div>
        </Show>
      </Show>
      <Show when={fields().some((field) => !isFirst(field))}>
        <section class="card request-whole">
          <For each={fields().filter((field) => !isFirst(field))}>{(field) => input(field.key, field)}</For>
        </section>
      </Show>
      <div class="row wrap">
        <Button look="primary" type="submit" busy={form.busy()} busyLabel={words.sending}>
          {words.send}
        </Button>
        <p class="quiet small">{words.checkedBy(about.check, boot.help.name)}</p>
      </div>
    </form>
  )
}
