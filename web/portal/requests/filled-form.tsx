import { useNavigate, useSearchParams } from '@solidjs/router'
import {
  createEffect,
  createMemo,
  createResource,
  createSignal,
  For,
  Index,
  on,
  onCleanup,
  Show,
  type JSX,
} from 'solid-js'
import { ProblemError } from '../../api/problem.ts'
import type { RequestField, RequestForm, RequestInput } from '../../api/shapes.ts'
import type { PortalBoot } from '../../boot.ts'
import type { Choices, Holdings } from '../../requests/choices.ts'
import { FieldInput } from '../../requests/field-input.tsx'
import {
  emptyPerson,
  emptyValue,
  inputOf,
  isChosen,
  isFirst,
  isHeldList,
  pathOf,
  personCountIn,
  withoutPerson,
  type Value,
  type Values,
} from '../../requests/values.ts'
import { forgetDraft, keepDraft, readDraft, type DraftPlace } from '../../tickets/draft.ts'
import { Button } from '../../ui/button.tsx'
import { ErrorSummary } from '../../ui/error-summary.tsx'
import { createForm } from '../../ui/form.tsx'
import { plus } from '../../ui/icon.tsx'
import { say } from '../../ui/messages.tsx'
import { Notice } from '../../ui/notice.tsx'
import { words } from '../../words/portal-requests.ts'
import { checkRequest, findPeople, readHoldings, readOptions, sendRequest } from './requests.data.ts'
import '../../requests/requests.css'

/** So long after the last key is pressed, what was filled in is looked at. */
const CHECK_AFTER_MS = 700

/** A form as somebody fills it in. What is filled in is kept until it is sent. */
export function FilledForm(props: {
  boot: PortalBoot
  form: RequestForm
  place: DraftPlace
  onAfresh: () => void
}): JSX.Element {
  const navigate = useNavigate()
  const [asked] = useSearchParams<{ skuId?: string; userId?: string; name?: string }>()
  const { boot, form: about, place } = props
  const isAboutPeople = about.personFields.length > 0
  const peopleAreOptional = about.peopleMin === 0
  const draft = readDraft(place)
  const kept = keptValues(draft?.values['filled'])
  let sentAs = draft?.sentAs ?? null
  let done = false

  const fresh = (): Values => ({
    ...Object.fromEntries(about.fields.map((field) => [field.key, emptyValue(field)])),
    ...(asked.skuId !== undefined && about.fields.some(({ key }) => key === 'skuId') && { skuId: asked.skuId }),
    ...(isAboutPeople && !peopleAreOptional && emptyPerson(about.personFields, 0)),
    ...(asked.userId !== undefined &&
      about.personFields.some(({ key }) => key === 'userId') && {
        ...emptyPerson(about.personFields, 0),
        [pathOf(0, 'userId')]: { id: asked.userId, name: asked.name ?? '' },
      }),
  })

  const fieldAt = (path: string): RequestField | undefined => {
    const key = /^people\/\d+\/(.+)$/.exec(path)?.[1]
    return key === undefined
      ? about.fields.find((field) => field.key === path)
      : about.personFields.find((field) => field.key === key)
  }

  const emptyPeople = (count: number): Values =>
    Object.fromEntries(
      Array.from({ length: count }, (_, at) => Object.entries(emptyPerson(about.personFields, at))).flat(),
    )
  /** A draft from before the form changed has what it has of the form as it is now. */
  const withKept = (): Values => ({
    ...fresh(),
    ...emptyPeople(personCountIn(kept ?? {})),
    ...Object.fromEntries(Object.entries(kept ?? {}).filter(([path]) => fieldAt(path) !== undefined)),
  })

  const form = createForm<Values>({
    initial: kept === undefined ? fresh() : withKept(),
    check: (values) =>
      Object.fromEntries(
        Object.entries(values).flatMap(([path, value]) => {
          const field = fieldAt(path)
          return field !== undefined && field.isRequired && isEmpty(value) ? [[path, askFor(field)]] : []
        }),
      ),
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
  const inputFrom = (values: Values) => inputOf(about, values) as RequestInput

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

  const tenantId = () => {
    const value = form.values()['tenantId']
    return typeof value === 'string' && value !== '' ? value : undefined
  }
  const firstDay = () => {
    const days = ['startsOn', pathOf(0, 'startsOn')].map((path) => form.values()[path])
    return days.find((day): day is string => typeof day === 'string' && day !== '')
  }
  const [options] = createResource(
    () => ({ ...(tenantId() && { tenantId: tenantId() as string }), ...(firstDay() && { on: firstDay() as string }) }),
    (query) => readOptions(boot.customerId, query),
  )
  const choices = createMemo<Choices>(() => {
    const known = options.state === 'ready' || options.state === 'refreshing' ? options.latest : undefined
    return {
      tenants: known?.tenants ?? [],
      // What is free of charge is nothing that anybody has to ask for.
      licences: known?.licences.filter(({ isFree }) => !isFree) ?? [],
      groups: known?.groups ?? [],
      firstDay: known?.today,
      lastDay: known?.lastDay,
      findPeople: async (text) => {
        const found = await findPeople(boot.customerId, {
          ...(text.length > 1 && { q: text }),
          ...(tenantId() && { tenantId: tenantId() as string }),
          limit: 20,
        })
        return found.items.map(({ id, name, address, department }) => ({
          id,
          name,
          note: [address, department].filter(Boolean).join(' · '),
        }))
      },
    }
  })
  // Where there are several environments, the first one is meant until another is chosen.
  createEffect(
    on(choices, ({ tenants }) => {
      const [first] = tenants
      if (form.values()['tenantId'] === '' && first !== undefined) form.field('tenantId').set(first.id)
    }),
  )
  const fields = () => about.fields.filter(({ kind }) => kind !== 'tenant' || choices().tenants.length > 1)

  const warnings = createWarnings(form.values, (values) => checkRequest(boot.customerId, inputFrom(values)))
  const people = () => Array.from({ length: personCountIn(form.values()) }, (_, index) => index)
  const nameAt = (index: number): string => {
    const values = form.values()
    const user = values[pathOf(index, 'userId')]
    if (isChosen(user)) return user.name
    return ['givenName', 'familyName']
      .map((key) => values[pathOf(index, key)])
      .filter((part): part is string => typeof part === 'string' && part.trim() !== '')
      .join(' ')
  }
  const input = (path: string, field: RequestField, holdings: Holdings | null | undefined, holder?: string) => (
    <FieldInput
      field={field}
      of={form.field(path)}
      choices={choices()}
      holdings={holdings}
      holder={holder}
      warning={warnings()[`/${path}`]}
    />
  )
  return (
    <form class="request-form" novalidate onSubmit={form.submit}>
      <Show when={kept}>
        <Notice end={<Button onClick={() => props.onAfresh()}>{words.discard}</Button>}>
          <b>{words.draftTitle}</b> {words.draftText}
        </Notice>
      </Show>
      <ErrorSummary of={form} />
      <Show when={fields().some(isFirst)}>
        <section class="card request-whole">
          <For each={fields().filter(isFirst)}>{(field) => input(field.key, field, null)}</For>
        </section>
      </Show>
      <Show when={isAboutPeople}>
        <Index each={people()}>
          {(_, index) => (
            <Person
              boot={boot}
              fields={about.personFields}
              values={form.values()}
              place={index}
              title={words.person(index, people().length, nameAt(index))}
              input={input}
              onRemove={
                people().length > about.peopleMin ? () => form.put(withoutPerson(form.values(), index)) : undefined
              }
              onHeld={(path, value) => form.field(path).set(value)}
            />
          )}
        </Index>
        <Show when={people().length < about.peopleMax}>
          <div>
            <Button
              icon={plus}
              onClick={() =>
                form.put({ ...form.values(), ...emptyPerson(about.personFields, personCountIn(form.values())) })
              }
            >
              {words.addPerson}
            </Button>
          </div>
        </Show>
      </Show>
      <Show when={fields().some((field) => !isFirst(field))}>
        <section class="card request-whole">
          <For each={fields().filter((field) => !isFirst(field))}>{(field) => input(field.key, field, null)}</For>
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

/** One of the people of a request; what they have is looked up once they are chosen. */
function Person(props: {
  boot: PortalBoot
  fields: readonly RequestField[]
  values: Values
  place: number
  title: string
  input: (path: string, field: RequestField, holdings: Holdings | null | undefined, holder?: string) => JSX.Element
  onRemove: (() => void) | undefined
  onHeld: (path: string, value: Value) => void
}): JSX.Element {
  const user = () => {
    const value = props.values[pathOf(props.place, 'userId')]
    return isChosen(value) ? value : undefined
  }
  const asksWhatTheyHave = () => props.fields.some(({ kind }) => kind.startsWith('held_'))
  const [person] = createResource(
    () => (asksWhatTheyHave() ? user()?.id : undefined),
    (id) => readHoldings(props.boot.customerId, id),
  )
  const holdings = (): Holdings | null | undefined =>
    person.state === 'ready' ? person() : person.state === 'errored' ? null : undefined
  // What was chosen for somebody else's things says nothing of theirs.
  createEffect(
    on(
      () => user()?.id,
      () => {
        for (const field of props.fields.filter(({ kind }) => kind.startsWith('held_'))) {
          const path = pathOf(props.place, field.key)
          if (isHeldList(props.values[path])) props.onHeld(path, [])
        }
      },
      { defer: true },
    ),
  )
  return (
    <section class="card request-person" aria-label={props.title}>
      <div class="request-person-head">
        <h2>
          <bdi>{props.title}</bdi>
        </h2>
        <Show when={props.onRemove}>
          {(remove) => (
            <Button look="plain" onClick={() => remove()()}>
              {words.removePerson(props.title)}
            </Button>
          )}
        </Show>
      </div>
      <For each={props.fields}>
        {(field) => props.input(pathOf(props.place, field.key), field, holdings(), user()?.name)}
      </For>
    </section>
  )
}

/** What the provider would think of it so far, by the places of fields; asked a moment after the last change. */
function createWarnings(
  values: () => Values,
  check: (values: Values) => Promise<{ warnings: { pointer: string; detail: string }[] }>,
): () => Record<string, string> {
  const [warnings, setWarnings] = createSignal<Record<string, string>>({})
  let timer: number | undefined
  let turn = 0
  onCleanup(() => {
    turn += 1
    clearTimeout(timer)
  })
  createEffect(
    on(values, (now) => {
      clearTimeout(timer)
      turn += 1
      const own = turn
      timer = window.setTimeout(() => {
        // Until enough is filled in it cannot be looked at, and what is missing is said when it is sent.
        check(now).then(
          (found) => {
            if (own === turn)
              setWarnings(Object.fromEntries(found.warnings.map(({ pointer, detail }) => [pointer, detail])))
          },
          () => {
            if (own === turn) setWarnings({})
          },
        )
      }, CHECK_AFTER_MS)
    }),
  )
  return warnings
}

const isEmpty = (value: Value): boolean =>
  value === null ||
  (typeof value === 'string' && value.trim() === '') ||
  (typeof value === 'object' && value !== null && 'does' in value && value.does === '')

const askFor = (field: RequestField): string => {
  switch (field.kind) {
    case 'date':
      return words.needsDay(field.label)
    case 'choice':
    case 'user':
    case 'licence':
    case 'group':
    case 'fate':
      return words.chooseOne(field.label)
    default:
      return words.enter(field.label)
  }
}

function keptValues(filled: string | string[] | undefined): Values | undefined {
  if (typeof filled !== 'string') return undefined
  try {
    const values: unknown = JSON.parse(filled)
    return typeof values === 'object' && values !== null ? (values as Values) : undefined
  } catch {
    return undefined
  }
}
