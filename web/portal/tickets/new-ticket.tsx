import { A, useNavigate, useSearchParams } from '@solidjs/router'
import { createEffect, createResource, createSignal, on, onCleanup, Show, type JSX } from 'solid-js'
import { ProblemError } from '../../api/problem.ts'
import type { PortalBoot, PortalPerson } from '../../boot.ts'
import { AttachButtons, AttachmentList } from '../../tickets/attach.tsx'
import { createAttachments } from '../../tickets/attachments.ts'
import { forgetDraft, keepDraft, readDraft, type DraftPlace } from '../../tickets/draft.ts'
import { GrowingText } from '../../tickets/growing-text.tsx'
import { messageCharactersMax } from '../../tickets/message.ts'
import { AddPerson, ChosenPeople } from '../../tickets/people.tsx'
import { Button } from '../../ui/button.tsx'
import { ErrorSummary } from '../../ui/error-summary.tsx'
import { createForm, FieldBox, TextField } from '../../ui/form.tsx'
import { SelectField } from '../../ui/form-inputs.tsx'
import { Icon, left } from '../../ui/icon.tsx'
import { FieldGroup, RadioGroup } from '../../ui/inputs.tsx'
import { say } from '../../ui/messages.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Bone, Loaded, Skeleton } from '../../ui/states.tsx'
import { UnsavedGuard } from '../../ui/unsaved.tsx'
import { words } from '../../words/portal-tickets.ts'
import { tickets as shared } from '../../words/tickets.ts'
import { raiseTicket, readTicketOptions, ticketFiles, type TicketOptions } from './tickets.data.ts'
import './tickets.css'

const subjectCharactersMax = 200

/** Where one says what one needs. What is written is kept until it is sent. */
export default function NewTicket(props: { boot: PortalBoot; person: PortalPerson }): JSX.Element {
  const [options, { refetch }] = createResource(
    () => props.boot.customerId,
    (customerId) => readTicketOptions(customerId),
  )
  const place = (): DraftPlace => ({ person: props.person.id, purpose: 'new ticket' })
  const [turn, setTurn] = createSignal(0)
  return (
    <>
      <A class="ticket-back" href="/tickets">
        <Icon of={left} />
        {words.all}
      </A>
      <div class="greet">
        <h1>{words.newTitle}</h1>
        <p class="quiet">
          {words.newLead(props.boot.help.name)}{' '}
          <Show when={props.boot.help.phone}>{(phone) => words.urgent(phone())}</Show>
        </p>
      </div>
      <Loaded of={options} waiting={<Waiting />} failedTitle={words.optionsFailed} retry={() => void refetch()}>
        {(value) => (
          <Show when={turn() + 1} keyed>
            <TicketForm
              boot={props.boot}
              person={props.person}
              options={value()}
              place={place()}
              onAfresh={() => {
                forgetDraft(place())
                setTurn(turn() + 1)
              }}
            />
          </Show>
        )}
      </Loaded>
    </>
  )
}

type Values = {
  requester: string
  subject: string
  category: string
  description: string
  files: string
  priority: TicketOptions['priorities'][number]['priority']
  watchers: string[]
}

function TicketForm(props: {
  boot: PortalBoot
  person: PortalPerson
  options: TicketOptions
  place: DraftPlace
  onAfresh: () => void
}): JSX.Element {
  const navigate = useNavigate()
  const [asked] = useSearchParams<{ subject?: string }>()
  const { boot, person, options, place } = props
  const kept = readDraft(place)
  const keptText = (name: string): string => {
    const value = kept?.values[name]
    return typeof value === 'string' ? value : ''
  }
  const oneOf = <T extends { id: string }>(of: readonly T[], id: string): string =>
    of.some((each) => each.id === id) ? id : ''
  const others = options.colleagues.filter(({ id }) => id !== person.id)
  const keptWatchers = kept?.values['watchers']
  let sentAs = kept?.sentAs ?? null
  let done = false

  const form = createForm<Values>({
    initial: {
      requester: oneOf(others, keptText('requester')) || person.id,
      // What led here may say what it is about; what was written before goes first.
      subject: kept ? keptText('subject') : (asked.subject ?? '').slice(0, subjectCharactersMax),
      category: oneOf(options.categories, keptText('category')),
      description: keptText('description'),
      // What is wrong with the files is said where they stand.
      files: '',
      priority: options.priorities.find(({ priority }) => priority === keptText('priority'))?.priority ?? 'normal',
      watchers: others.map(({ id }) => id).filter((id) => Array.isArray(keptWatchers) && keptWatchers.includes(id)),
    },
    check: ({ subject, category, description }) => ({
      ...(subject.trim() === '' && { subject: words.enterSubject }),
      ...(subject.trim().length > subjectCharactersMax && { subject: words.subjectTooLong(subjectCharactersMax) }),
      ...(category === '' && { category: words.chooseCategory }),
      ...(description.trim() === '' && { description: words.enterDescription }),
      ...(description.trim().length > messageCharactersMax && {
        description: words.descriptionTooLong(description.trim().length, messageCharactersMax),
      }),
      ...(attachments.failedNames().length > 0 && { files: shared.notAttached(attachments.failedNames()) }),
    }),
    save: async (values) => {
      await attachments.settled()
      if (gone) return
      const failed = attachments.failedNames()
      if (failed.length > 0) throw wrongFiles(shared.notAttached(failed))
      sentAs ??= crypto.randomUUID()
      keep()
      const made = await raiseTicket(
        boot.customerId,
        {
          subject: values.subject.trim(),
          category: values.category,
          description: values.description.trim(),
          priority: values.priority,
          files: attachments.files().map(({ id }) => id),
          watchers: values.watchers.filter((id) => id !== values.requester),
          ...(values.requester !== person.id && { requester: values.requester }),
        },
        sentAs,
      ).catch((error: unknown) => {
        // What was answered was not taken, so it is another one the next time.
        if (error instanceof ProblemError && error.status !== 0 && error.status < 500) sentAs = null
        throw error
      })
      done = true
      forgetDraft(place)
      say(words.sent(made.number))
      navigate(`/tickets/${made.id}`, { replace: true })
    },
  })
  const attachments = createAttachments({
    store: ticketFiles(boot.customerId),
    limits: options,
    initial: kept?.files ?? [],
    onChange: () => {
      changed()
      form.field('files').set('')
    },
  })
  let gone = false
  onCleanup(() => {
    gone = true
  })
  const keep = () => {
    if (done) return
    const { requester, subject, category, description, priority, watchers } = form.values()
    const isUntouched = !form.dirty() && kept === undefined && attachments.files().length === 0
    if (isUntouched) forgetDraft(place)
    else
      keepDraft(place, {
        values: { requester, subject, category, description, priority, watchers },
        files: [...attachments.files()],
        sentAs,
      })
  }
  const changed = () => {
    sentAs = null
    keep()
  }
  createEffect(on(form.values, changed, { defer: true }))

  const requesters = [
    { value: person.id, label: words.forMyself(person.name) },
    ...others.map(({ id, name }) => ({ value: id, label: name })),
  ]
  const nameOf = (id: string) => others.find((each) => each.id === id)?.name ?? ''
  const watching = () => form.values().watchers.filter((id) => id !== form.values().requester)
  const seers = () => [
    words.yourself,
    ...[form.values().requester, ...watching()].filter((id) => id !== person.id).map(nameOf),
  ]
  return (
    <form class="card ticket-form" novalidate onSubmit={form.submit}>
      <Show when={kept}>
        <Notice end={<Button onClick={() => props.onAfresh()}>{words.discard}</Button>}>
          <b>{words.draftTitle}</b> {words.draftText}
        </Notice>
      </Show>
      <ErrorSummary of={form} />
      <Show when={others.length > 0}>
        <SelectField of={form.field('requester')} label={words.requester} options={requesters} />
      </Show>
      <TextField of={form.field('subject')} label={words.subject} help={words.subjectHelp} full />
      <SelectField
        of={form.field('category')}
        label={words.category}
        options={[
          { value: '', label: words.choose },
          ...options.categories.map(({ id, name }) => ({ value: id, label: name })),
        ]}
      />
      <FieldBox of={form.field('description')} label={words.description} help={words.descriptionHelp} full>
        <GrowingText
          value={form.values().description}
          rows={6}
          onInput={form.field('description').set}
          onFiles={attachments.add}
        />
      </FieldBox>
      <FieldGroup
        id={form.field('files').id}
        legend={words.attachments}
        help={shared.limits(options.fileCountMax, options.fileBytesMax)}
        error={form.field('files').error()}
      >
        <div class="ticket-files">
          <AttachmentList of={attachments} />
          <div class="row wrap">
            <AttachButtons of={attachments} />
          </div>
        </div>
      </FieldGroup>
      <RadioGroup
        legend={words.priority}
        value={form.values().priority}
        options={options.priorities.map(({ priority, name }) => ({ value: priority, label: name }))}
        error={form.field('priority').error()}
        onChange={(value) => {
          const known = options.priorities.find(({ priority }) => priority === value)
          if (known) form.field('priority').set(known.priority)
        }}
      />
      <Show when={others.length > 0}>
        <div class="stack tight">
          <AddPerson
            label={words.watchers}
            help={words.watchersHelp}
            none={words.nobodyLeft}
            people={others.filter(({ id }) => id !== form.values().requester && !watching().includes(id))}
            onAdd={({ id }) => form.field('watchers').set([...form.values().watchers, id])}
          />
          <ChosenPeople
            label={words.watchers}
            people={others.filter(({ id }) => watching().includes(id))}
            onRemove={(id) => form.field('watchers').set(form.values().watchers.filter((each) => each !== id))}
          />
        </div>
      </Show>
      <div>
        <h2 class="ticket-label">{words.whoWillSee}</h2>
        <p class="quiet small">{words.willSee(seers(), boot.help.name)}</p>
      </div>
      <div>
        <Button
          look="primary"
          type="submit"
          busy={form.busy()}
          busyLabel={attachments.isBusy() ? shared.waitsForFiles : words.sending}
        >
          {words.send}
        </Button>
      </div>
      <UnsavedGuard
        dirty={attachments.isBusy()}
        words={{ title: shared.leaveTitle, text: shared.leaveText, stay: shared.stay, leave: shared.leave }}
      />
    </form>
  )
}

const wrongFiles = (detail: string) =>
  new ProblemError({ status: 422, code: 'invalid', title: '', errors: [{ pointer: '/files', detail }] })

function Waiting(): JSX.Element {
  return (
    <Skeleton what={words.optionsLoading}>
      <div class="card ticket-form">
        <Bone shape="short" />
        <Bone shape="long tall" />
        <Bone shape="short" />
        <Bone shape="half tall" />
        <Bone shape="short" />
        <Bone shape="long tall" />
      </div>
    </Skeleton>
  )
}
