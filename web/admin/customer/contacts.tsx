import { createResource, createSignal, For, Show, type JSX } from 'solid-js'
import { asProblem } from '../../api/problem.ts'
import { Badge, State, type Mood } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { Checkbox, FieldGroup } from '../../ui/field.tsx'
import { createForm, FormDialog, TextField } from '../../ui/form.tsx'
import { Icon, mail, more, people, plus } from '../../ui/icon.tsx'
import { Menu, type MenuItem } from '../../ui/menu.tsx'
import { say } from '../../ui/messages.tsx'
import { Panel } from '../../ui/panel.tsx'
import { Bone, Empty, Loaded, Skeleton } from '../../ui/states.tsx'
import { Table } from '../../ui/table.tsx'
import { Time } from '../../ui/time.tsx'
import { admin } from '../../words/admin.ts'
import { common } from '../../words/common.ts'
import { explain } from '../../words/problem.ts'
import { useStaff } from '../staff.tsx'
import {
  addContact,
  block,
  invite,
  listContacts,
  saveContact,
  unblock,
  type Contact,
  type PortalRole,
} from './contacts.data.ts'
import { useCustomer } from './customer-context.ts'

const words = admin.contacts
const moods: Record<Contact['access'], Mood> = { none: 'none', invited: 'info', active: 'good', disabled: 'bad' }

export function Contacts(): JSX.Element {
  const staff = useStaff()
  const shown = useCustomer()
  const id = () => shown.customer().id
  const [contacts, { refetch }] = createResource(id, listContacts)
  const [editing, setEditing] = createSignal<Contact | 'new'>()

  const act = async (run: () => Promise<void>, done: string, undo?: () => Promise<void>) => {
    try {
      await run()
      say(
        done,
        undo && {
          act: {
            label: words.undo,
            do: () =>
              void undo().then(
                () => refetch(),
                (error: unknown) => say(explain(asProblem(error)), { mood: 'bad' }),
              ),
          },
        },
      )
      await refetch()
    } catch (error) {
      say(explain(asProblem(error)), { mood: 'bad' })
    }
  }

  const items = (contact: Contact): MenuItem[][] => [
    [
      { label: words.editVerb, onSelect: () => setEditing(contact) },
      ...(contact.canBeInvited
        ? [
            {
              label: contact.access === 'none' ? words.invite : words.resend,
              icon: mail,
              onSelect: () => void act(() => invite(id(), contact.id), words.invited(contact.name)),
            },
          ]
        : []),
    ],
    ...(contact.access === 'active' || contact.access === 'invited'
      ? [
          [
            {
              label: words.block,
              danger: true,
              onSelect: () =>
                void act(
                  () => block(id(), contact.id),
                  words.blocked(contact.name),
                  () => unblock(id(), contact.id),
                ),
            },
          ],
        ]
      : contact.access === 'disabled'
        ? [
            [
              {
                label: words.unblock,
                onSelect: () => void act(() => unblock(id(), contact.id), words.unblocked(contact.name)),
              },
            ],
          ]
        : []),
  ]

  const firstEmail = () =>
    contacts.state !== 'errored' && (contacts.latest ?? []).length === 0 ? (shown.customer().email ?? null) : null

  const add = () => (
    <Button look="primary" icon={plus} onClick={() => setEditing('new')}>
      {words.add}
    </Button>
  )

  return (
    <>
      <Panel title={words.title} end={staff.mayWrite ? add() : undefined}>
        <Loaded of={contacts} waiting={<Waiting />} failedTitle={words.failed} retry={() => void refetch()}>
          {(rows) => (
            <Show
              when={rows().length > 0}
              fallback={
                <Empty icon={people} title={words.emptyTitle}>
                  {words.emptyText}
                </Empty>
              }
            >
              <Table
                label={words.title}
                rows={rows()}
                id={(contact) => contact.id}
                columns={[
                  {
                    key: 'name',
                    title: words.columns.name,
                    cell: (contact) => (
                      <span class="row">
                        <span class="name" dir="auto" tabindex="-1" title={contact.name}>
                          {contact.name}
                        </span>
                        <Show when={contact.isTheAdmin}>
                          <Badge mood="none" icon={people}>
                            {words.theAdmin}
                          </Badge>
                        </Show>
                      </span>
                    ),
                  },
                  {
                    key: 'email',
                    title: words.columns.email,
                    wide: true,
                    cell: (contact) => (
                      <Show when={contact.email} fallback={<span class="quiet">{admin.customer.notGiven}</span>}>
                        {(email) => <a href={`mailto:${email()}`}>{email()}</a>}
                      </Show>
                    ),
                  },
                  { key: 'title', title: words.columns.title, wide: true, cell: (contact) => contact.jobTitle ?? '' },
                  {
                    key: 'roles',
                    title: words.columns.roles,
                    wide: true,
                    cell: (contact) =>
                      contact.roles.map((role) => words.role[role]).join(', ') || (
                        <span class="quiet">{words.noRole}</span>
                      ),
                  },
                  {
                    key: 'access',
                    title: words.columns.access,
                    cell: (contact) => (
                      <span
                        title={
                          contact.access === 'invited' && contact.invitedAt
                            ? words.invitedAt(contact.invitedAt)
                            : undefined
                        }
                      >
                        <State mood={moods[contact.access]}>{words.access[contact.access]}</State>
                      </span>
                    ),
                  },
                  {
                    key: 'seen',
                    title: words.columns.seen,
                    wide: true,
                    numeric: true,
                    cell: (contact) => (
                      <Show when={contact.lastSignInAt} fallback={<span class="quiet">{words.never}</span>}>
                        {(at) => <Time at={at()} relative plain />}
                      </Show>
                    ),
                  },
                  ...(staff.mayWrite
                    ? [
                        {
                          key: 'more',
                          title: words.columns.more,
                          quiet: true,
                          numeric: true,
                          cell: (contact: Contact) => (
                            <span class="row-acts">
                              <Show when={contact.access === 'none' && contact.canBeInvited}>
                                <Button
                                  look="plain"
                                  onClick={() => void act(() => invite(id(), contact.id), words.invited(contact.name))}
                                >
                                  {words.invite}
                                  <span class="sr">: {contact.name}</span>
                                </Button>
                              </Show>
                              <Menu
                                buttonClass="icon-button"
                                buttonLabel={common.more(contact.name)}
                                button={<Icon of={more} />}
                                side="end"
                                groups={items(contact)}
                                note={contact.access === 'none' ? words.notYetInvited(missingFor(contact)) : undefined}
                              />
                            </span>
                          ),
                        },
                      ]
                    : []),
                ]}
              />
            </Show>
          )}
        </Loaded>
      </Panel>
      <Show when={editing()} keyed>
        {(which) => (
          <ContactForm
            customerId={id()}
            contact={which === 'new' ? undefined : which}
            suggestedEmail={firstEmail()}
            onClose={() => setEditing(undefined)}
            onDone={(contact) => {
              setEditing(undefined)
              say(which === 'new' ? words.added(contact.name) : words.saved(contact.name))
              if (which === 'new') shown.refresh()
              void refetch()
            }}
          />
        )}
      </Show>
    </>
  )
}

const missingFor = (contact: Contact): ('role' | 'email')[] => [
  ...(contact.roles.length === 0 ? (['role'] as const) : []),
  ...(contact.email ? [] : (['email'] as const)),
]

function ContactForm(props: {
  customerId: string
  contact: Contact | undefined
  /** For a customer's first contact: the address the customer itself was given. */
  suggestedEmail: string | null
  onClose: () => void
  onDone: (contact: Contact) => void
}): JSX.Element {
  const form = createForm({
    initial: {
      name: props.contact?.name ?? '',
      email: props.contact?.email ?? (props.contact ? '' : (props.suggestedEmail ?? '')),
      jobTitle: props.contact?.jobTitle ?? '',
      phone: props.contact?.phone ?? '',
      roles: props.contact?.roles ?? (props.suggestedEmail ? (['portal_admin'] as PortalRole[]) : []),
    },
    check: (values) => ({
      ...(values.name.trim() === '' && { name: words.enterName }),
      ...(values.email.trim() !== '' && !values.email.includes('@') && { email: words.enterEmail }),
    }),
    save: async (values) => {
      const input = {
        name: values.name.trim(),
        email: values.email.trim() || null,
        jobTitle: values.jobTitle.trim() || null,
        phone: values.phone.trim() || null,
        roles: values.roles,
      }
      props.onDone(
        await (props.contact
          ? saveContact(props.customerId, props.contact, input)
          : addContact(props.customerId, input)),
      )
    },
  })
  const roles = form.field('roles')
  const set = (role: PortalRole, on: boolean) =>
    roles.set(on ? [...roles.value(), role] : roles.value().filter((held) => held !== role))
  return (
    <FormDialog
      of={form}
      title={props.contact ? words.edit(props.contact.name) : words.add}
      verb={props.contact ? words.save : words.add}
      busyVerb={props.contact ? words.saving : words.adding}
      onClose={props.onClose}
    >
      <TextField of={form.field('name')} label={words.fieldName} />
      <TextField
        of={form.field('email')}
        label={words.fieldEmail}
        help={words.fieldEmailHelp}
        type="email"
        spellcheck={false}
        optional
      />
      <TextField of={form.field('jobTitle')} label={words.fieldTitle} optional />
      <TextField of={form.field('phone')} label={words.fieldPhone} type="tel" optional />
      <FieldGroup legend={words.customerPortal} id={roles.id} error={roles.error()}>
        <div class="stack tight">
          <For each={['portal_user', 'portal_admin'] as const}>
            {(role) => (
              <Checkbox
                label={words.role[role]}
                help={words.roleHelp[role]}
                checked={roles.value().includes(role)}
                onChange={(on) => set(role, on)}
              />
            )}
          </For>
        </div>
      </FieldGroup>
    </FormDialog>
  )
}

function Waiting(): JSX.Element {
  return (
    <Skeleton what={words.loading}>
      <div class="panel-body stack">
        <Bone shape="long" />
        <Bone shape="half" />
        <Bone shape="long" />
      </div>
    </Skeleton>
  )
}
