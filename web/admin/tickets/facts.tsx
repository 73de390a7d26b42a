import { A } from '@solidjs/router'
import { createResource, createSignal, createUniqueId, For, Show, type JSX } from 'solid-js'
import { AddPerson } from '../../tickets/people.tsx'
import { Button, IconButton } from '../../ui/button.tsx'
import { Field } from '../../ui/field.tsx'
import { Facts } from '../../ui/facts.tsx'
import { cross } from '../../ui/icon.tsx'
import { Select } from '../../ui/inputs.tsx'
import { say } from '../../ui/messages.tsx'
import { Panel } from '../../ui/panel.tsx'
import { Time } from '../../ui/time.tsx'
import { webAddress } from '../../ui/web-address.ts'
import { adminTickets as words } from '../../words/admin-tickets.ts'
import { requests } from '../../words/requests.ts'
import { listContacts } from '../customer/contacts.data.ts'
import { listTenants } from '../customer/tenants.data.ts'
import { useStaff } from '../staff.tsx'
import { ChoosePerson } from './choose-person.tsx'
import { Due } from './due.tsx'
import type { Acting } from './ticket-page.tsx'
import { addWatcher, removeWatcher, type StaffTicket, type StaffTicketOptions } from './tickets.data.ts'

type Named = { id: string; name: string }

/** What is known of a ticket beside what was said; each is changed where it stands. */
export function TicketFacts(props: {
  ticket: StaffTicket
  options: StaffTicketOptions | undefined
  mayWrite: boolean
  acting: Acting
}): JSX.Element {
  const staff = useStaff()
  const customerId = props.ticket.customer.id
  const [people] = createResource(async () =>
    staff.may('contacts.read') ? (await listContacts(customerId)).items : [],
  )
  const [tenants] = createResource(async () => (staff.may('tenants.read') ? (await listTenants(customerId)).items : []))
  const [choosing, setChoosing] = createSignal(false)
  const [adding, setAdding] = createSignal(false)
  const known = () => props.options
  const contacts = (): Named[] => (people.state === 'ready' ? people.latest : [])
  const connected = (): Named[] => (tenants.state === 'ready' ? tenants.latest : [])
  const outsiders = () => {
    const inIt = new Set([props.ticket.requester?.id, ...props.ticket.watchers.map(({ id }) => id)])
    return contacts().filter(({ id }) => !inIt.has(id))
  }
  const about = () => props.ticket.about
  // In the attribute, Solid would make a `false` of the null.
  const tenantNow = (): Named | null => {
    const tenant = about()?.tenant
    return tenant === undefined ? null : { id: tenant.id, name: tenant.name ?? '' }
  }
  const add = async (contact: Named) => {
    setAdding(true)
    if (await props.acting.act((now) => addWatcher(now, contact.id))) say(words.watcherAdded(contact.name))
    setAdding(false)
  }
  return (
    <aside class="ticket-side stack" aria-label={words.facts}>
      <Show when={props.ticket.request}>
        {(request) => (
          <Panel title={words.request}>
            <div class="panel-body">
              <A href={`/requests/${request().id}`}>
                <bdi>{request().subject}</bdi>
              </A>
              <Show when={request().steps.total > 0}>
                <p class="quiet small">{requests.steps(request().steps)}</p>
              </Show>
            </div>
          </Panel>
        )}
      </Show>
      <Panel title={words.facts}>
        <div class="panel-body stack">
          <OneOf
            label={words.assignee}
            none={words.nobodyYet}
            value={props.ticket.assignee}
            nameOf={({ name }) => (props.ticket.assignee?.isBlocked ? words.blocked(name) : name)}
            of={known()?.staff ?? []}
            mayChange={props.mayWrite}
            onChange={(assignee) => props.acting.save({ assignee })}
          />
          <OneOf
            label={words.priority}
            value={{ id: props.ticket.priority.priority, name: props.ticket.priority.name }}
            of={(known()?.priorities ?? []).map(({ priority, name }) => ({ id: priority, name }))}
            mayChange={props.mayWrite}
            onChange={(chosen) => {
              const priority = known()?.priorities.find((one) => one.priority === chosen)?.priority
              return priority && props.acting.save({ priority })
            }}
          />
          <OneOf
            label={words.category}
            value={props.ticket.category}
            nameOf={({ name }) => (known() === undefined ? name : words.retired(name))}
            of={known()?.categories ?? []}
            mayChange={props.mayWrite}
            onChange={(category) => category && props.acting.save({ category })}
          />
          <OneOf
            label={words.requester}
            none={words.form.nobody}
            value={props.ticket.requester}
            of={contacts()}
            mayChange={props.mayWrite}
            onChange={(requester) => props.acting.save({ requester })}
          />
          <OneOf
            label={words.about}
            none={words.aboutNone}
            value={tenantNow()}
            of={connected()}
            mayChange={props.mayWrite}
            onChange={(tenantId) => props.acting.save({ about: tenantId === null ? null : { tenantId, userId: null } })}
          />
          <Show when={about()}>
            {(now) => (
              <div class="row wrap ticket-person">
                <span>
                  <span class="quiet small">{words.aboutUser}</span>
                  <br />
                  <Show when={now().user} fallback={<span class="quiet">{words.aboutUserNone}</span>}>
                    {(user) => <A href={`/customers/${customerId}/users/${user().id}`}>{user().name}</A>}
                  </Show>
                </span>
                <Show when={props.mayWrite}>
                  <Button onClick={() => setChoosing(true)}>{words.choosePerson}</Button>
                </Show>
              </div>
            )}
          </Show>
        </div>
      </Panel>
      <Panel title={words.watchers}>
        <div class="panel-body stack">
          <Show when={props.ticket.watchers.length > 0} fallback={<p class="quiet">{words.noWatchers}</p>}>
            <ul class="ticket-watchers">
              <For each={props.ticket.watchers}>
                {(watcher) => (
                  <li>
                    <bdi>{watcher.name}</bdi>
                    <Show when={props.mayWrite}>
                      <IconButton
                        icon={cross}
                        label={words.removeWatcher(watcher.name)}
                        onClick={() =>
                          void props.acting
                            .act((now) => removeWatcher(now, watcher.id))
                            .then((isDone) => isDone && say(words.watcherRemoved(watcher.name)))
                        }
                      />
                    </Show>
                  </li>
                )}
              </For>
            </ul>
          </Show>
          <Show when={props.mayWrite && people.state === 'ready'}>
            <AddPerson
              label={words.addWatcher}
              people={outsiders()}
              none={words.nobodyLeft}
              busy={adding()}
              onAdd={(contact) => void add(contact)}
            />
          </Show>
        </div>
      </Panel>
      <Panel title={words.targets}>
        <div class="panel-body">
          <Facts of={dates(props.ticket)} />
        </div>
      </Panel>
      <Show when={choosing() && about()}>
        {(now) => (
          <ChoosePerson
            customerId={customerId}
            tenantId={now().tenant.id}
            onClose={() => setChoosing(false)}
            onChoose={(userId) => {
              // Read while it is shown: afterwards there is nothing to read it of.
              const tenantId = now().tenant.id
              setChoosing(false)
              void props.acting.save({ about: { tenantId, userId } })
            }}
          />
        )}
      </Show>
    </aside>
  )
}

const dates = (ticket: StaffTicket): { name: JSX.Element; value: JSX.Element }[] => [
  { name: words.dueNext, value: <Due of={ticket.due} long /> },
  {
    name: words.firstAnswer,
    value: <Target at={ticket.firstAnswerDueAt} done={ticket.firstAnsweredAt} waits={ticket.waitingSince !== null} />,
  },
  {
    name: words.resolution,
    value: <Target at={ticket.resolutionDueAt} done={ticket.resolvedAt} waits={ticket.waitingSince !== null} />,
  },
  ...(ticket.reopenUntil === null
    ? []
    : [{ name: words.reopenUntil, value: <Time at={ticket.reopenUntil} relative /> }]),
  ...(ticket.rating === null
    ? []
    : [
        {
          name: words.rating,
          value: (
            <>
              {ticket.rating.rating === 'satisfied' ? words.satisfied : words.notSatisfied}
              <Show when={ticket.rating.comment}>
                <div class="quiet" dir="auto">
                  {ticket.rating.comment}
                </div>
              </Show>
            </>
          ),
        },
      ]),
  { name: words.source, value: words.sources[ticket.source] },
  ...(ticket.outside === null
    ? []
    : [
        {
          name: words.outside,
          value: <Outside of={ticket.outside} />,
        },
      ]),
]

/** The same ticket in another system. Its address comes from there: one that is not of the web leads nowhere. */
function Outside(props: { of: NonNullable<StaffTicket['outside']> }): JSX.Element {
  const name = () => `${props.of.system} ${props.of.id}`
  return (
    <Show when={webAddress(props.of.url)} fallback={name()}>
      {(url) => (
        <a href={url()} target="_blank" rel="noopener noreferrer">
          {name()}
        </a>
      )}
    </Show>
  )
}

/** While it waits, when it is due is not known yet. */
function Target(props: { at: string | null; done: string | null; waits: boolean }): JSX.Element {
  return (
    <Show
      when={props.done}
      fallback={
        <Show when={props.at} fallback={<span class="quiet">{words.noTarget}</span>}>
          {(at) => (
            <Show when={!props.waits} fallback={words.standsStill}>
              <Time at={at()} relative />
            </Show>
          )}
        </Show>
      }
    >
      {(done) => (
        <>
          {words.done} <Time at={done()} relative />
        </>
      )}
    </Show>
  )
}

/** One of a few, changed as soon as another is chosen; whoever may not change it reads it. */
function OneOf(props: {
  label: string
  /** What stands for none; left out where there is always one. */
  none?: string
  value: Named | null
  /** What one is called that cannot be chosen any more. */
  nameOf?: (value: Named) => string
  of: readonly Named[]
  mayChange: boolean
  onChange: (id: string | null) => unknown
}): JSX.Element {
  const id = createUniqueId()
  const [waiting, setWaiting] = createSignal(false)
  const isOffered = () => props.of.some((one) => one.id === props.value?.id)
  const options = () => [
    ...(props.none === undefined ? [] : [{ value: '', label: props.none }]),
    ...(props.value === null || isOffered()
      ? []
      : [{ value: props.value.id, label: props.nameOf?.(props.value) ?? props.value.name }]),
    ...props.of.map((one) => ({ value: one.id, label: one.name })),
  ]
  return (
    <Show
      when={props.mayChange}
      fallback={
        <div>
          <span class="quiet small">{props.label}</span>
          <br />
          <bdi>{props.value?.name ?? props.none}</bdi>
        </div>
      }
    >
      <Field id={id} label={props.label} help={waiting() ? words.settles : undefined} full>
        <Select
          value={props.value?.id ?? ''}
          options={options()}
          onChange={(chosen) => void props.onChange(chosen === '' ? null : chosen)}
          onWaiting={setWaiting}
        />
      </Field>
    </Show>
  )
}
