import { Show, type JSX } from 'solid-js'
import { createForm, TextField, type FieldOf } from '../../ui/form.tsx'
import { FormDialog } from '../../ui/form-dialog.tsx'
import { SelectField, TextAreaField } from '../../ui/form-inputs.tsx'
import { Checkbox, RadioGroup } from '../../ui/inputs.tsx'
import { requestForms as words } from '../../words/request-forms.ts'
import type { Question } from './values.ts'

const LABEL_LENGTH_MAX = 120
const HELP_LENGTH_MAX = 300
const OPTION_COUNT_MAX = 50

type Values = {
  label: string
  kind: Question['kind']
  options: string
  help: string
  isRequired: boolean
  isEach: boolean
}

/** The question at a place, or a new one, as it is put into the form that is open; it is asked once that form is saved. */
export function EditedQuestion(props: {
  of: FieldOf<Question[]>
  place: number | 'new' | undefined
  onClose: () => void
}): JSX.Element {
  const take = (place: number | 'new', question: Question) => {
    const all = props.of.value()
    props.of.set(place === 'new' ? [...all, question] : all.with(place, question))
    props.onClose()
  }
  return (
    <Show when={props.place === undefined ? undefined : { place: props.place }} keyed>
      {({ place }) => (
        <QuestionDialog
          of={place === 'new' ? undefined : props.of.value()[place]}
          onTaken={(question) => take(place, question)}
          onClose={() => props.onClose()}
        />
      )}
    </Show>
  )
}

function QuestionDialog(props: {
  of: Question | undefined
  onTaken: (question: Question) => void
  onClose: () => void
}): JSX.Element {
  const { of: before } = props
  const form = createForm<Values>({
    initial: {
      label: before?.label ?? '',
      kind: before?.kind ?? 'text',
      options: before?.options.join('\n') ?? '',
      help: before?.help ?? '',
      isRequired: before?.isRequired ?? false,
      isEach: before?.isEach ?? true,
    },
    check: troublesIn,
    save: (values) => {
      props.onTaken({ ...before, ...questionIn(values) })
      return Promise.resolve()
    },
  })
  return (
    <FormDialog
      of={form}
      title={before === undefined ? words.addTitle : words.editTitle}
      verb={words.take}
      busyVerb={words.taking}
      onClose={() => props.onClose()}
    >
      <TextField of={form.field('label')} label={words.question} />
      <SelectField
        of={form.field('kind')}
        label={words.kind}
        options={(['text', 'choice', 'date', 'person'] as const).map((value) => ({
          value,
          label: words.kinds[value],
        }))}
      />
      <Show when={form.values().kind === 'choice'}>
        <TextAreaField of={form.field('options')} label={words.options} help={words.optionsHelp} />
      </Show>
      <TextField of={form.field('help')} label={words.help} help={words.helpHelp} optional />
      <Checkbox
        label={words.isRequired}
        checked={form.values().isRequired}
        onChange={(isRequired) => form.field('isRequired').set(isRequired)}
      />
      <RadioGroup
        legend={words.asked}
        value={form.values().isEach ? 'each' : 'once'}
        options={[
          { value: 'each', label: words.ofEach },
          { value: 'once', label: words.once },
        ]}
        onChange={(value) => form.field('isEach').set(value === 'each')}
      />
      <p class="quiet small">{words.notYet}</p>
    </FormDialog>
  )
}

const optionsIn = (text: string): string[] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')

const questionIn = ({ label, kind, options, help, isRequired, isEach }: Values): Question => ({
  kind,
  label: label.trim(),
  help: help.trim(),
  isRequired,
  isEach,
  options: kind === 'choice' ? optionsIn(options) : [],
})

/** What the server would say of it, said before it is put into the form. */
const troublesIn = (values: Values) => {
  const { label, help, kind, options } = questionIn(values)
  const ofOptions =
    kind !== 'choice'
      ? undefined
      : options.length === 0
        ? words.optionsMissing
        : options.length > OPTION_COUNT_MAX
          ? words.optionsTooMany(OPTION_COUNT_MAX)
          : new Set(options).size < options.length
            ? words.optionsTwice
            : options.some((option) => option.length > LABEL_LENGTH_MAX)
              ? words.optionTooLong(LABEL_LENGTH_MAX)
              : undefined
  return {
    ...(label === '' && { label: words.questionMissing }),
    ...(label.length > LABEL_LENGTH_MAX && { label: words.tooLong(LABEL_LENGTH_MAX) }),
    ...(help.length > HELP_LENGTH_MAX && { help: words.tooLong(HELP_LENGTH_MAX) }),
    ...(ofOptions !== undefined && { options: ofOptions }),
  }
}
