import { createResource, createSignal, For, Show, type JSX } from 'solid-js'
import { asProblem } from '../../api/problem.ts'
import { Badge, State, type Mood } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { Checkbox, FieldGroup } from '../../ui/inputs.tsx'
import { createForm, TextField } from '../../ui/form.tsx'
import { FormDialog } from '../../ui/form-dialog.tsx'
import { SelectField } from '../../ui/form-inputs.tsx'
import { Confirm } from '../../ui/dialog.tsx'
import { Icon, mail, more, out, people, plus } from '../../ui/icon.tsx'
import { Menu, type MenuItem } from '../../ui/menu.tsx'
import { say } from '../../ui/messages.tsx'
import { Panel } from '../../ui/panel.tsx'
import { ReorderHandle } from '../../ui/reorder.tsx'
import { Bone, Empty, Loaded, Skeleton } from '../../ui/states.tsx'
import { Table } from '../../ui/table.tsx'
import { Time } from '../../ui/time.tsx'
import { access } from '../../words/access.ts'
import { admin } from '../../words/admin.ts'
import { common } from '../../words/common.ts'
import { explain } from '../../words/problem.ts'
import {
  addContact,
  beginPreview,
  block,
  deleteContact,
  invite,
  listContacts,
  revoke,
  saveContact,
  saveOrder,
  unblock,
  type Contact,
  type ContactList,
  type PortalRole,
} from './contacts.data.ts'
import { useCustomer } from './customer-context.ts'

const words = admin.contacts
export const licencePermissions = ['none', 'view', 'modify', 'admin'] as const
export const moods: Record<Contact['access'], Mood> = { none: 'none', invited: 'info', active: 'good', disabled: 'bad' }

export function Contacts(): JSX.Element {
  const shown = useCustomer()
  const id = () => shown.customer().id
  const [contacts, { refetch, mutate }] = createResource(id, listContacts)
  /** The order as it was just put, until the server has it. */
  const [wished, setWished] = createSignal<readonly string[]>()
  let isSaving = false
  const known = () => (contacts.state === 'ready' || contacts.state === 'refreshing' ? contacts.latest : undefined)
  const inOrder = (list: ContactList): Contact[] => {
    const order = wished()
    return order === undefined
      ? list.items
      : list.items.toSorted((one, other) => order.indexOf(one.id) - order.indexOf(other.id))
  }
  const placeOf = (contact: Contact) =>
    inOrder(known() ?? { items: [], version: 0 }).findIndex((each) => each.id === contact.id)
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

  const putOrder = (order: readonly string[], about: Contact) => {
    setWished(order)
    focusHandle(about.id)
    if (!isSaving) void keepOrder(about)
  }
  /** Saves the order, and once more when it was changed meanwhile, so that two changes in a row do not meet. */
  const keepOrder = async (about: Contact) => {
    const before = known()?.items.map((each) => each.id) ?? []
    isSaving = true
    try {
      for (let order = wished(); order !== undefined; order = wished()) {
        const saved = await saveOrder(id(), [...order], known()?.version ?? 0)
        mutate(saved)
        if (wished() === order) setWished(undefined)
        focusHandle(about.id)
      }
      say(words.ordered(about.name, placeOf(about) + 1), {
        act: { label: words.undo, do: () => putOrder(before, about) },
      })
      shown.refresh()
    } catch (error) {
      setWished(undefined)
      say(explain(asProblem(error)), { mood: 'bad' })
      await refetch()
    } finally {
      isSaving = false
    }
  }
  const move = (contact: Contact, to: number) => {
    const list = known()
    if (list === undefined) return
    const others = inOrder(list).flatMap((each) => (each.id === contact.id ? [] : [each.id]))
    putOrder(others.toSpliced(to, 0, contact.id), contact)
  }

  /** In a tab of its own, which is opened before the answer: browsers let no other be opened. */
  const view = async (contact: Contact) => {
    const tab = window.open('about:blank')
    try {
      const url = await beginPreview(id(), contact.id)
      if (tab === null) window.location.assign(url)
      else tab.location.replace(url)
    } catch (error) {
      tab?.close()
      say(explain(asProblem(error)), { mood: 'bad' })
    }
  }

  const items = (contact: Contact): MenuItem[][] => [
    [
      ...(contact.roles.length > 0 && shown.customer().portal.state !== 'none'
        ? [{ label: words.viewAs, icon: out, onSelect: () => void view(contact) }]
        : []),
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
      ...(contact.access === 'invited'
        ? [
            {
              label: access.people.revoke,
              onSelect: () => void act(() => revoke(id(), contact.id), access.people.revoked(contact.name)),
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
    ...(contact.isTheAdmin
      ? []
      : [
          [
            {
              label: access.people.delete,
              danger: true,
              onSelect: () => {
                setTrouble(undefined)
                setDeleting(contact)
              },
            },
          ],
        ]),
  ]

  const [deleting, setDeleting] = createSignal<Contact>()
  const [trouble, setTrouble] = createSignal<string>()
  const [busy, setBusy] = createSignal(false)
  const remove = async (contact: Contact) => {
    setBusy(true)
    try {
      await deleteContact(id(), contact)
      setDeleting(undefined)
      say(access.people.deleted(contact.name))
      shown.refresh()
      await refetch()
    } catch (error) {
      setTrouble(explain(asProblem(error)))
    } finally {
      setBusy(false)
    }
  }

  const firstEmail = () => (known()?.items.length === 0 ? (shown.customer().email ?? null) : null)

  const add = () => (
    <Button look="primary" icon={plus} onClick={() => setEditing('new')}>
      {words.add}
    </Button>
  )

  return (
    <>
      <Panel title={words.title} end={shown.mayChange() ? add() : undefined}>
        <Loaded of={contacts} waiting={<Waiting />} failedTitle={words.failed} retry={() => void refetch()}>
          {(list) => (
            <Show
              when={list().items.length > 0}
              fallback={
                <Empty icon={people} title={words.emptyTitle}>
                  {words.emptyText}
                </Empty>
              }
            >
              <Table
                label={words.title}
                rows={inOrder(list())}
                id={(contact) => contact.id}
                columns={[
                  {
                    key: 'order',
                    title: words.columns.order,
                    quiet: true,
                    phone: 'lead',
                    cell: (contact) => (
                      <span class="order" data-contact={contact.id}>
                        <Show when={shown.mayChange() && list().items.length > 1}>
                          <ReorderHandle
                            label={words.move(contact.name, placeOf(contact) + 1, list().items.length)}
                            index={placeOf(contact)}
                            count={list().items.length}
                            onMove={(to) => move(contact, to)}
                          />
                        </Show>
                        <span class="quiet">{placeOf(contact) + 1}</span>
                      </span>
                    ),
                  },
                  {
                    key: 'name',
                    title: words.columns.name,
                    phone: 'title',
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
                    grows: true,
                    phone: 'line',
                    cell: (contact) => (
                      <Show when={contact.email} fallback={<span class="quiet">{admin.customer.notGiven}</span>}>
                        {(email) => (
                          <a href={`mailto:${email()}`} title={email()}>
                            {email()}
                          </a>
                        )}
                      </Show>
                    ),
                  },
                  { key: 'title', title: words.columns.title, wide: 'desk', cell: (contact) => contact.jobTitle ?? '' },
                  {
                    key: 'roles',
                    title: words.columns.roles,
                    wide: true,
                    phone: 'line',
                    cell: (contact) =>
                      contact.roles.map((role) => words.role[role]).join(', ') || (
                        <span class="quiet">{words.noRole}</span>
                      ),
                  },
                  {
                    key: 'access',
                    title: words.columns.access,
                    phone: 'line',
                    cell: (contact) => (
                      <span
                        title={
                          contact.access === 'invited' && contact.invitedAt
                            ? words.invitedAt(contact.invitedAt)
                            : undefined
                        }
                      >
                        <State mood={moods[contact.access]}>
                          {isOver(contact) ? access.people.expired : words.access[contact.access]}
                        </State>
                      </span>
                    ),
                  },
                  {
                    key: 'seen',
                    title: words.columns.seen,
                    wide: 'desk',
                    numeric: true,
                    cell: (contact) => (
                      <Show when={contact.lastSignInAt} fallback={<span class="quiet">{words.never}</span>}>
                        {(at) => <Time at={at()} relative plain />}
                      </Show>
                    ),
                  },
                  ...(shown.mayChange()
                    ? [
                        {
                          key: 'more',
                          title: words.columns.more,
                          quiet: true,
                          numeric: true,
                          phone: 'end' as const,
                          cell: (contact: Contact) => (
                            <span class="row-acts">
                              <Show when={contact.access === 'none' && contact.canBeInvited}>
                                <Button
                                  look="plain"
                                  onClick={() => void act(() => invite(id(), contact.id), words.invited(contact.name))}
                                >
                                  {words.inviteShort}
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
      <Show when={deleting()}>
        {(contact) => (
          <Confirm
            open
            title={access.people.deleteTitle(contact().name)}
            verb={access.people.delete}
            busy={busy()}
            trouble={trouble()}
            onConfirm={() => void remove(contact())}
            onClose={() => setDeleting(undefined)}
          >
            <p>{access.people.deleteText}</p>
            <p class="quiet">{access.people.deleteStays}</p>
          </Confirm>
        )}
      </Show>
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

/** A temporary password that was not used in time. */
const isOver = ({ temporaryUntil }: Contact): boolean =>
  temporaryUntil !== null && Date.parse(temporaryUntil) <= Date.now()

const missingFor = (contact: Contact): ('role' | 'email')[] => [
  ...(contact.roles.length === 0 ? (['role'] as const) : []),
  ...(contact.email ? [] : (['email'] as const)),
]

/** Rows are made anew when the order comes back, so the focus is put on the same person's handle again. */
function focusHandle(contactId: string): void {
  queueMicrotask(() => {
    if (document.activeElement === document.body || document.activeElement?.classList.contains('reorder'))
      document.querySelector<HTMLElement>(`[data-contact="${contactId}"] .reorder`)?.focus()
  })
}

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
      licencePermission: props.contact?.licencePermission ?? ('none' as const),
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
        licencePermission: values.licencePermission,
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
      <SelectField
        of={form.field('licencePermission')}
        label={access.people.licences}
        help={access.people.licencesHelp}
        options={licencePermissions.map((value) => ({ value, label: access.people.permission[value] }))}
      />
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
