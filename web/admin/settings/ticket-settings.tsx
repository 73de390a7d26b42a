import { createResource, createSignal, createUniqueId, For, Show, type JSX } from 'solid-js'
import { asProblem } from '../../api/problem.ts'
import { Badge } from '../../ui/badge.tsx'
import { Button, IconButton } from '../../ui/button.tsx'
import { Confirm } from '../../ui/dialog.tsx'
import { AffixInput, Field, TextInput } from '../../ui/field.tsx'
import { createForm, TextField } from '../../ui/form.tsx'
import { FormDialog } from '../../ui/form-dialog.tsx'
import { TextAreaField } from '../../ui/form-inputs.tsx'
import { cross, mail, plus, up } from '../../ui/icon.tsx'
import { say } from '../../ui/messages.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Panel } from '../../ui/panel.tsx'
import { Bone, Empty, Loaded, Skeleton } from '../../ui/states.tsx'
import { UnsavedGuard } from '../../ui/unsaved.tsx'
import { adminTickets } from '../../words/admin-tickets.ts'
import { explain } from '../../words/problem.ts'
import { useStaff } from '../staff.tsx'
import {
  deleteCannedReply,
  listCannedReplies,
  readTicketSettings,
  saveCannedReply,
  saveTicketSettings,
  type CannedReply,
  type TicketSettings,
  type TicketSettingsInput,
} from './ticket-settings.data.ts'
import './ticket-settings.css'

const words = adminTickets.settings

/** What customers choose from for a ticket, what the team aims for, and what it answers often. */
export function TicketSettingsPage(): JSX.Element {
  const [kept, { refetch, mutate }] = createResource(readTicketSettings)
  return (
    <div class="stack wide">
      <p class="quiet">{words.lead}</p>
      <Loaded of={kept} waiting={<Waiting />} failedTitle={words.failed} retry={() => void refetch()}>
        {(value) => (
          <Show when={value()} keyed>
            {(settings) => <Keeping settings={settings} onSaved={(saved) => mutate(() => saved)} />}
          </Show>
        )}
      </Loaded>
      <Replies />
    </div>
  )
}

/** As it is typed: numbers are texts until they are saved. */
type Category = { id?: string; name: string; isRetired: boolean }
type Priority = Omit<TicketSettings['priorities'][number], 'firstAnswerHours' | 'resolutionHours'> & {
  firstAnswerHours: string
  resolutionHours: string
}

const typed = (hours: number | null): string => (hours === null ? '' : String(hours))
const hoursIn = (text: string): number | null => (text.trim() === '' ? null : Number(text.trim().replace(',', '.')))

function Keeping(props: { settings: TicketSettings; onSaved: (settings: TicketSettings) => void }): JSX.Element {
  const staff = useStaff()
  const { settings } = props
  const [categories, setCategories] = createSignal<Category[]>(settings.categories)
  const [priorities, setPriorities] = createSignal<Priority[]>(
    settings.priorities.map((one) => ({
      ...one,
      firstAnswerHours: typed(one.firstAnswerHours),
      resolutionHours: typed(one.resolutionHours),
    })),
  )
  const [days, setDays] = createSignal(String(settings.reopenDays))
  const [errors, setErrors] = createSignal<ReadonlyMap<string, string>>(new Map())
  const [trouble, setTrouble] = createSignal<string>()
  const [busy, setBusy] = createSignal(false)
  const typedNow = () => JSON.stringify([categories(), priorities(), days()])
  const typedAtFirst = typedNow()
  const at = (pointer: string) => errors().get(pointer)
  const change = (place: number, set: Partial<Category>) =>
    setCategories((before) => before.map((one, position) => (position === place ? { ...one, ...set } : one)))
  const rename = (place: number, set: Partial<Priority>) =>
    setPriorities((before) => before.map((one, position) => (position === place ? { ...one, ...set } : one)))
  const raise = (place: number) => {
    setCategories((before) => {
      const one = before[place]
      return one === undefined || place === 0 ? before : before.toSpliced(place, 1).toSpliced(place - 1, 0, one)
    })
    // The focus goes with it, so that pressing again raises it further; on top there is nowhere left to go.
    const wanted = place === 1 ? 'input' : '.raise'
    document.querySelector<HTMLElement>(`.category-list > li:nth-child(${place}) ${wanted}`)?.focus()
  }
  const wrong = (input: TicketSettingsInput): Map<string, string> =>
    new Map([
      ...input.categories.flatMap(({ name }, place): [string, string][] =>
        name === '' ? [[`/categories/${place}/name`, words.nameMissing]] : [],
      ),
      ...input.priorities.flatMap((one, place): [string, string][] =>
        (['firstAnswerHours', 'resolutionHours'] as const).flatMap((field): [string, string][] => {
          const value = one[field]
          return value !== null && !(value > 0) ? [[`/priorities/${place}/${field}`, words.hoursWrong]] : []
        }),
      ),
      ...(Number.isInteger(input.reopenDays) && input.reopenDays >= 0 && input.reopenDays <= 90
        ? []
        : [['/reopenDays', words.daysWrong] as [string, string]]),
    ])
  const save = async () => {
    const input: TicketSettingsInput = {
      categories: categories().map(({ name, ...one }) => ({ ...one, name: name.trim() })),
      priorities: priorities().map((one) => ({
        ...one,
        firstAnswerHours: hoursIn(one.firstAnswerHours),
        resolutionHours: hoursIn(one.resolutionHours),
      })),
      reopenDays: Number(days()),
    }
    const found = wrong(input)
    setErrors(found)
    setTrouble(found.size > 0 ? words.someWrong : undefined)
    if (found.size > 0) return focusWrong()
    setBusy(true)
    try {
      props.onSaved(await saveTicketSettings(settings.version, input))
      say(words.saved)
      // The form is made anew of what was saved.
      queueMicrotask(() => document.querySelector<HTMLElement>('[data-ticket-settings] [type=submit]')?.focus())
    } catch (error) {
      const problem = asProblem(error)
      setErrors(new Map(problem.errors.map(({ pointer, detail }) => [pointer, detail])))
      setTrouble(
        explain(
          problem,
          problem.errors.filter(({ pointer }) => pointer === '/categories').map(({ detail }) => detail),
        ),
      )
      focusWrong()
    } finally {
      setBusy(false)
    }
  }
  return (
    <form
      class="stack"
      novalidate
      data-ticket-settings
      onSubmit={(event) => {
        event.preventDefault()
        void save()
      }}
    >
      <UnsavedGuard dirty={typedNow() !== typedAtFirst} />
      <Show when={trouble()}>{(text) => <Notice kind="bad">{text()}</Notice>}</Show>
      <fieldset class="ticket-fields stack" disabled={!staff.mayManage}>
        <Panel title={words.categories}>
          <div class="panel-body stack">
            <p class="quiet small">{words.categoriesLead}</p>
            <ol class="category-list">
              <For each={categories().map((_, place) => place)}>
                {(place) => {
                  const one = () => categories()[place] ?? { name: '', isRetired: false }
                  return (
                    <li>
                      <Labelled label={words.category(place + 1)} error={at(`/categories/${place}/name`)} quiet>
                        <TextInput
                          value={one().name}
                          onInput={(name) => change(place, { name })}
                          name={`category-${place}`}
                        />
                      </Labelled>
                      <Show when={one().isRetired}>
                        <Badge mood="none">{words.retired}</Badge>
                      </Show>
                      <Show when={staff.mayManage}>
                        <IconButton icon={up} class="raise" label={words.up(one().name)} onClick={() => raise(place)} />
                        <Show
                          when={one().id}
                          fallback={
                            <IconButton
                              icon={cross}
                              label={words.remove(one().name)}
                              onClick={() => setCategories((before) => before.toSpliced(place, 1))}
                            />
                          }
                        >
                          <Button onClick={() => change(place, { isRetired: !one().isRetired })}>
                            {one().isRetired ? words.offer : words.retire}
                          </Button>
                        </Show>
                      </Show>
                    </li>
                  )
                }}
              </For>
            </ol>
            <Show when={staff.mayManage}>
              <div>
                <Button
                  icon={plus}
                  onClick={() => {
                    setCategories((before) => [...before, { name: '', isRetired: false }])
                    queueMicrotask(() =>
                      document.querySelector<HTMLElement>('.category-list > li:last-child input')?.focus(),
                    )
                  }}
                >
                  {words.addCategory}
                </Button>
              </div>
            </Show>
          </div>
        </Panel>
        <Panel title={words.priorities}>
          <div class="panel-body stack">
            <p class="quiet small">{words.prioritiesLead}</p>
            <For each={priorities().map((_, place) => place)}>
              {(place) => {
                const one = () => priorities()[place]
                return (
                  <Show when={one()}>
                    {(priority) => (
                      <fieldset class="priority-fields">
                        <legend>{words.key[priority().priority]}</legend>
                        <Labelled label={words.name} error={at(`/priorities/${place}/name`)}>
                          <TextInput
                            value={priority().name}
                            onInput={(name) => rename(place, { name })}
                            name={`name-${place}`}
                          />
                        </Labelled>
                        <Labelled label={words.customerName} error={at(`/priorities/${place}/customerName`)}>
                          <TextInput
                            value={priority().customerName}
                            onInput={(customerName) => rename(place, { customerName })}
                            name={`customer-name-${place}`}
                          />
                        </Labelled>
                        <Labelled label={words.firstAnswerHours} error={at(`/priorities/${place}/firstAnswerHours`)}>
                          <AffixInput
                            value={priority().firstAnswerHours}
                            onInput={(firstAnswerHours) => rename(place, { firstAnswerHours })}
                            name={`first-answer-${place}`}
                            suffix={words.hours}
                          />
                        </Labelled>
                        <Labelled label={words.resolutionHours} error={at(`/priorities/${place}/resolutionHours`)}>
                          <AffixInput
                            value={priority().resolutionHours}
                            onInput={(resolutionHours) => rename(place, { resolutionHours })}
                            name={`resolution-${place}`}
                            suffix={words.hours}
                          />
                        </Labelled>
                      </fieldset>
                    )}
                  </Show>
                )
              }}
            </For>
          </div>
        </Panel>
        <Panel title={words.reopening}>
          <div class="panel-body reopening-field">
            <Labelled label={words.reopenDays} error={at('/reopenDays')} help={words.reopenHelp}>
              <AffixInput value={days()} onInput={setDays} name="reopen-days" suffix={words.days} />
            </Labelled>
          </div>
        </Panel>
      </fieldset>
      <Show when={staff.mayManage}>
        <div>
          <Button look="primary" type="submit" busy={busy()} busyLabel={words.saving}>
            {words.save}
          </Button>
        </div>
      </Show>
    </form>
  )
}

function focusWrong(): void {
  queueMicrotask(() => document.querySelector<HTMLElement>('[data-ticket-settings] [aria-invalid=true]')?.focus())
}

/** A field with an id of its own. */
function Labelled(props: {
  label: string
  error: string | undefined
  help?: string
  /** The label is for screen readers only. */
  quiet?: boolean
  children: JSX.Element
}): JSX.Element {
  const id = createUniqueId()
  return (
    <div classList={{ 'label-quiet': props.quiet === true }}>
      <Field id={id} label={props.label} error={props.error} help={props.help} full>
        {props.children}
      </Field>
    </div>
  )
}

function Replies(): JSX.Element {
  const staff = useStaff()
  const [list, { refetch }] = createResource(listCannedReplies)
  const [editing, setEditing] = createSignal<CannedReply | 'new'>()
  const [deleting, setDeleting] = createSignal<CannedReply>()
  const [busy, setBusy] = createSignal(false)
  const [trouble, setTrouble] = createSignal<string>()
  const mayWrite = staff.may('tickets.write')
  const remove = async (reply: CannedReply) => {
    setBusy(true)
    try {
      await deleteCannedReply(reply)
      setDeleting(undefined)
      say(words.replyDeleted(reply.title))
      await refetch()
    } catch (error) {
      setTrouble(explain(asProblem(error)))
    } finally {
      setBusy(false)
    }
  }
  return (
    <Panel
      title={words.replies}
      end={
        <Show when={mayWrite}>
          <Button icon={plus} onClick={() => setEditing('new')}>
            {words.addReply}
          </Button>
        </Show>
      }
    >
      <Loaded of={list} waiting={<Waiting />} failedTitle={words.failed} retry={() => void refetch()}>
        {(replies) => (
          <Show
            when={replies().length > 0}
            fallback={
              <Empty icon={mail} title={words.repliesEmpty}>
                {words.repliesEmptyText}
              </Empty>
            }
          >
            <ul class="reply-list">
              <For each={replies()}>
                {(reply) => (
                  <li>
                    <div>
                      <b dir="auto">{reply.title}</b>
                      <p class="quiet small reply-text" dir="auto">
                        {reply.text}
                      </p>
                    </div>
                    <Show when={mayWrite}>
                      <div class="row">
                        <Button label={words.editReply(reply.title)} onClick={() => setEditing(reply)}>
                          {words.edit}
                        </Button>
                        <Button
                          look="plain"
                          label={words.deleteTitle(reply.title)}
                          onClick={() => {
                            setTrouble(undefined)
                            setDeleting(reply)
                          }}
                        >
                          {words.deleteReply}
                        </Button>
                      </div>
                    </Show>
                  </li>
                )}
              </For>
            </ul>
          </Show>
        )}
      </Loaded>
      <Show when={editing()} keyed>
        {(reply) => (
          <ReplyDialog
            reply={reply === 'new' ? undefined : reply}
            onClose={() => setEditing(undefined)}
            onDone={(saved) => {
              setEditing(undefined)
              say(words.replySaved(saved.title))
              void refetch()
            }}
          />
        )}
      </Show>
      <Show when={deleting()}>
        {(reply) => (
          <Confirm
            open
            title={words.deleteTitle(reply().title)}
            verb={words.deleteReply}
            busy={busy()}
            trouble={trouble()}
            onConfirm={() => void remove(reply())}
            onClose={() => setDeleting(undefined)}
          >
            <p>{words.deleteText}</p>
          </Confirm>
        )}
      </Show>
    </Panel>
  )
}

function ReplyDialog(props: {
  reply: CannedReply | undefined
  onClose: () => void
  onDone: (reply: CannedReply) => void
}): JSX.Element {
  const form = createForm<{ title: string; text: string }>({
    initial: { title: props.reply?.title ?? '', text: props.reply?.text ?? '' },
    save: async (values) => props.onDone(await saveCannedReply(props.reply, values)),
  })
  return (
    <FormDialog
      of={form}
      title={props.reply === undefined ? words.addReply : words.editReply(props.reply.title)}
      verb={adminTickets.save}
      busyVerb={adminTickets.saving}
      onClose={props.onClose}
    >
      <TextField of={form.field('title')} label={words.replyTitle} help={words.replyTitleHelp} full />
      <TextAreaField of={form.field('text')} label={words.replyText} help={words.replyTextHelp} rows={8} full />
    </FormDialog>
  )
}

function Waiting(): JSX.Element {
  return (
    <Skeleton what={words.loading}>
      <div class="panel panel-body stack">
        <Bone shape="half" />
        <Bone shape="long" />
        <Bone shape="long" />
      </div>
    </Skeleton>
  )
}
