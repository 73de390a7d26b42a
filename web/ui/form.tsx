import { batch, createSignal, createUniqueId, Show, type Accessor, type JSX } from 'solid-js'
import { asProblem, type ProblemError } from '../api/problem.ts'
import { explain } from '../words/problem.ts'
import { AffixInput, Field, Kept, PasswordInput, TextInput } from './field.tsx'

type Errors<T> = Partial<Record<keyof T & string, string>>

/** One field of a form: its value, what is wrong with it, and the id its input has on the page. */
export type FieldOf<V> = {
  id: string
  name: string
  value: () => V
  set: (value: V) => void
  error: () => string | undefined
  /** The person may see it, not change it: it stands there as words. */
  readOnly: boolean
}

export type Form<T extends object> = {
  field: <K extends keyof T & string>(name: K) => FieldOf<T[K]>
  values: Accessor<T>
  errors: Accessor<{ id: string; text: string }[]>
  trouble: Accessor<string | undefined>
  busy: Accessor<boolean>
  readOnly: boolean
  dirty: Accessor<boolean>
  changeCount: Accessor<number>
  submit: (event?: Event) => void
  reset: (values: T) => void
  /** Puts other values in place of what was filled in, with other fields where a form grows; what was wrong is forgotten. */
  put: (values: T) => void
  showProblem: (problem: ProblemError) => void
  attachSummary: (focus: () => void) => () => void
}

/**
 * State of one form. `check` says in words what is missing before anything is sent; what the server answers with
 * JSON pointers lands at the same fields. Focus moves to the summary when there is one, else to the first wrong field.
 */
export function createForm<T extends object>(given: {
  initial: T
  check?: (values: T) => Errors<T>
  save: (values: T) => Promise<unknown>
  explain?: (problem: ProblemError) => string | undefined
  /** Places inside of fields at which what is wrong there is shown: of a list, its lines. */
  places?: (values: T) => string[]
  /** What the server says of a place, as it is told. */
  tell?: (place: string, detail: string) => string
  readOnly?: boolean
}): Form<T> {
  const prefix = createUniqueId()
  const [start, setStart] = createSignal(given.initial)
  const [values, setValues] = createSignal(given.initial)
  const [errors, setErrors] = createSignal<Errors<T>>({})
  const [trouble, setTrouble] = createSignal<string>()
  const [busy, setBusy] = createSignal(false)
  let focusSummary: (() => void) | undefined

  const names = () => Object.keys(values()) as (keyof T & string)[]
  const id = (name: string) => `${prefix}-${name}`
  const places = () => {
    const within = (given.places?.(values()) ?? []) as (keyof T & string)[]
    return names().flatMap((name) => [name, ...within.filter((place) => place.startsWith(`${name}/`))])
  }
  const listed = () =>
    places().flatMap((name) => {
      const text = errors()[name]
      return text === undefined ? [] : [{ id: id(name), text }]
    })
  const changed = () =>
    [...new Set([...names(), ...(Object.keys(start()) as (keyof T & string)[])])].filter(
      (name) => JSON.stringify(values()[name]) !== JSON.stringify(start()[name]),
    )

  const refuse = (wrong: Errors<T>, general?: string) => {
    batch(() => {
      setErrors(() => wrong)
      setTrouble(general)
    })
    const first = listed()[0]
    if (focusSummary) focusSummary()
    else if (first) document.getElementById(first.id)?.focus()
  }

  const showProblem = (problem: ProblemError) => {
    const wrong: Errors<T> = {}
    const rest: string[] = []
    for (const error of problem.errors) {
      const name = closest(places(), error.pointer)
      if (name) wrong[name] ??= given.tell?.(name, error.detail) ?? error.detail
      else rest.push(error.detail)
    }
    const atField = Object.keys(wrong).length > 0
    refuse(wrong, atField && rest.length === 0 ? undefined : (given.explain?.(problem) ?? explain(problem, rest)))
  }

  const send = async () => {
    setBusy(true)
    try {
      await given.save(values())
      batch(() => {
        setErrors(() => ({}))
        setTrouble(undefined)
      })
    } catch (error) {
      showProblem(asProblem(error))
    } finally {
      setBusy(false)
    }
  }

  return {
    values,
    field: (name) => ({
      id: id(name),
      name,
      value: () => values()[name],
      set: (value) => {
        setValues((before) => ({ ...before, [name]: value }))
        const told = Object.keys(errors()).filter((place) => place === name || place.startsWith(`${name}/`))
        if (told.length > 0)
          setErrors((before) => ({ ...before, ...Object.fromEntries(told.map((place) => [place, undefined])) }))
      },
      error: () => errors()[name],
      readOnly: given.readOnly === true,
    }),
    errors: listed,
    trouble,
    busy,
    readOnly: given.readOnly === true,
    dirty: () => changed().length > 0,
    changeCount: () => changed().length,
    submit: (event) => {
      event?.preventDefault()
      if (busy()) return
      const wrong = given.check?.(values()) ?? {}
      if (Object.values(wrong).some((text) => text !== undefined)) refuse(wrong)
      else void send()
    },
    reset: (next) => {
      batch(() => {
        setStart(() => next)
        setValues(() => next)
        setErrors(() => ({}))
        setTrouble(undefined)
      })
    },
    put: (next) => {
      batch(() => {
        setValues(() => next)
        setErrors(() => ({}))
      })
    },
    showProblem,
    attachSummary: (focus) => {
      focusSummary = focus
      return () => {
        focusSummary = undefined
      }
    },
  }
}

/** The field that a JSON pointer means: its own, else the nearest one it is inside of. */
const closest = <Name extends string>(names: readonly Name[], pointer: string): Name | undefined =>
  names
    .filter((name) => pointer === `/${name}` || pointer.startsWith(`/${name}/`))
    .toSorted((one, other) => other.length - one.length)[0]

export type FieldProps = { of: FieldOf<string>; label: string; help?: JSX.Element; optional?: boolean; full?: boolean }

/** A text field of a form: field and input in one. */
export function TextField(
  props: FieldProps & {
    type?: 'text' | 'email' | 'url' | 'tel' | 'date' | 'datetime-local'
    autocomplete?: string
    suffix?: string
    spellcheck?: boolean
    placeholder?: string
  },
): JSX.Element {
  const input = () => ({
    name: props.of.name,
    value: props.of.value(),
    onInput: props.of.set,
    required: props.optional !== true,
    ...(props.type && { type: props.type }),
    ...(props.autocomplete && { autocomplete: props.autocomplete }),
    ...(props.placeholder && { placeholder: props.placeholder }),
    ...(props.spellcheck !== undefined && { spellcheck: props.spellcheck }),
  })
  const kept = () => props.of.value().trim() || props.placeholder
  return (
    <FieldBox {...props} kept={kept() && `${kept()}${props.suffix ?? ''}`}>
      <Show when={props.suffix} fallback={<TextInput {...input()} />}>
        {(suffix) => <AffixInput {...input()} suffix={suffix()} />}
      </Show>
    </FieldBox>
  )
}

export function PasswordField(props: FieldProps & { autocomplete: 'current-password' | 'new-password' }): JSX.Element {
  return (
    <FieldBox {...props}>
      <PasswordInput value={props.of.value()} onInput={props.of.set} autocomplete={props.autocomplete} />
    </FieldBox>
  )
}

/** A field around its input, or what it holds for who may not change it. */
export function FieldBox(props: FieldProps & { kept?: string | undefined; children: JSX.Element }): JSX.Element {
  const input = () => (
    <Field
      id={props.of.id}
      label={props.label}
      help={props.help}
      error={props.of.error()}
      optional={props.optional === true}
      full={props.full === true}
    >
      {props.children}
    </Field>
  )
  return (
    <Show when={props.of.readOnly} fallback={input()}>
      <Kept label={props.label}>{props.kept}</Kept>
    </Show>
  )
}
