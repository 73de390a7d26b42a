import { createResource, createSignal, For, Show, type JSX } from 'solid-js'
import { asProblem } from '../../api/problem.ts'
import type { PortalBoot } from '../../boot.ts'
import { Badge, State, type Mood } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { Checkbox, FieldGroup } from '../../ui/inputs.tsx'
import { createForm, TextField, type FieldOf } from '../../ui/form.tsx'
import { FormDialog } from '../../ui/form-dialog.tsx'
import { Icon, more, people as peopleIcon, plus } from '../../ui/icon.tsx'
import { Menu, type MenuItem } from '../../ui/menu.tsx'
import { say } from '../../ui/messages.tsx'
import { Bone, Empty, Loaded, Skeleton } from '../../ui/states.tsx'
import { common } from '../../words/common.ts'
import { explain } from '../../words/problem.ts'
import { words } from '../../words/portal-people.ts'
import { block, changeRoles, invite, inviteAgain, listPeople, unblock, type Colleague } from './people.data.ts'
import './people.css'

type Roles = Colleague['roles']
const allRoles = ['portal_user', 'portal_admin'] as const
const moods: Record<Colleague['state'], Mood> = { unconfirmed: 'info', active: 'good', disabled: 'bad' }

/** A portal admin looks after the people of their company. */
export default function People(props: { boot: PortalBoot }): JSX.Element {
  const customerId = () => props.boot.customerId
  const [people, { refetch }] = createResource(customerId, listPeople)
  const [inviting, setInviting] = createSignal(false)
  const [changing, setChanging] = createSignal<Colleague>()
  const act = async (run: () => Promise<void>, done: string) => {
    try {
      await run()
      say(done)
      await refetch()
    } catch (error) {
      say(explain(asProblem(error)), { mood: 'bad' })
    }
  }
  const items = (person: Colleague): MenuItem[][] => [
    [
      ...(person.isMainAdmin ? [] : [{ label: words.changeRoles, onSelect: () => setChanging(person) }]),
      ...(person.state === 'unconfirmed'
        ? [
            {
              label: words.resend,
              onSelect: () => void act(() => inviteAgain(customerId(), person.id), words.invited(person.name)),
            },
          ]
        : []),
    ],
    person.isMainAdmin || person.isBlockedByProvider
      ? []
      : person.state === 'disabled'
        ? [
            {
              label: words.enable,
              onSelect: () => void act(() => unblock(customerId(), person.id), words.enabled(person.name)),
            },
          ]
        : [
            {
              label: words.disable,
              danger: true,
              onSelect: () => void act(() => block(customerId(), person.id), words.disabled(person.name)),
            },
          ],
  ]
  const noteOf = (person: Colleague): string | undefined =>
    person.isMainAdmin ? words.onlyProvider : person.isBlockedByProvider ? words.disabledByProvider : undefined
  return (
    <>
      <div class="greet people-head">
        <div class="stack tight">
          <h1>{words.title}</h1>
          <p class="quiet">{words.lead}</p>
        </div>
        <Button look="primary" icon={plus} onClick={() => setInviting(true)}>
          {words.invite}
        </Button>
      </div>
      <Loaded of={people} waiting={<Waiting />} failedTitle={words.failed} retry={() => void refetch()}>
        {(list) => (
          <div class="card">
            <Show
              when={list().length > 0}
              fallback={
                <Empty icon={peopleIcon} title={words.emptyTitle}>
                  {words.emptyText}
                </Empty>
              }
            >
              <ul class="people">
                <For each={list()}>
                  {(person) => (
                    <li>
                      <div>
                        <p class="row wrap">
                          <span class="person-name" dir="auto">
                            {person.name}
                          </span>
                          <Show when={person.isYou}>
                            <span class="quiet">({words.you})</span>
                          </Show>
                          <Show when={person.isMainAdmin}>
                            <Badge mood="none" icon={peopleIcon}>
                              {words.mainAdmin}
                            </Badge>
                          </Show>
                        </p>
                        <p class="quiet small person-mail">{person.email}</p>
                        <p class="quiet small">
                          {person.roles.map((role) => words.role[role]).join(', ')}
                          {' · '}
                          {person.state === 'unconfirmed' && person.invitedAt
                            ? words.invitedAt(person.invitedAt)
                            : words.seen(person.lastSignInAt)}
                        </p>
                        <Show when={person.isBlockedByProvider}>
                          <p class="small">{words.disabledByProvider}</p>
                        </Show>
                      </div>
                      <span class="person-state">
                        <State mood={moods[person.state]}>{words.state[person.state]}</State>
                      </span>
                      <span class="person-more">
                        <Menu
                          buttonClass="icon-button"
                          buttonLabel={common.more(person.name)}
                          button={<Icon of={more} />}
                          side="end"
                          groups={items(person).filter((group) => group.length > 0)}
                          note={noteOf(person)}
                        />
                      </span>
                    </li>
                  )}
                </For>
              </ul>
            </Show>
          </div>
        )}
      </Loaded>
      <Show when={inviting()}>
        <Invite
          customerId={customerId()}
          onClose={() => setInviting(false)}
          onDone={(person) => {
            setInviting(false)
            say(words.invited(person.name))
            void refetch()
          }}
        />
      </Show>
      <Show when={changing()} keyed>
        {(person) => (
          <ChangeRoles
            customerId={customerId()}
            person={person}
            onClose={() => setChanging(undefined)}
            onDone={() => {
              setChanging(undefined)
              say(words.saved(person.name))
              void refetch()
            }}
          />
        )}
      </Show>
    </>
  )
}

function Invite(props: { customerId: string; onClose: () => void; onDone: (person: Colleague) => void }): JSX.Element {
  const form = createForm({
    initial: { name: '', email: '', roles: ['portal_user'] as Roles },
    check: (values) => ({
      ...(values.name.trim() === '' && { name: words.enterName }),
      ...(!values.email.includes('@') && { email: words.enterEmail }),
      ...(values.roles.length === 0 && { roles: words.chooseRole }),
    }),
    save: async (values) =>
      props.onDone(
        await invite(props.customerId, {
          name: values.name.trim(),
          email: values.email.trim(),
          roles: values.roles,
        }),
      ),
  })
  return (
    <FormDialog
      of={form}
      title={words.inviteTitle}
      verb={words.invite}
      busyVerb={words.inviting}
      onClose={props.onClose}
    >
      <TextField of={form.field('name')} label={words.name} />
      <TextField of={form.field('email')} label={words.email} type="email" spellcheck={false} />
      <RolesField of={form.field('roles')} />
    </FormDialog>
  )
}

function ChangeRoles(props: {
  customerId: string
  person: Colleague
  onClose: () => void
  onDone: () => void
}): JSX.Element {
  const form = createForm({
    initial: { roles: props.person.roles },
    check: (values) => (values.roles.length === 0 ? { roles: words.chooseRole } : {}),
    save: async (values) => {
      await changeRoles(props.customerId, props.person, values.roles)
      props.onDone()
    },
  })
  return (
    <FormDialog
      of={form}
      title={words.changeTitle(props.person.name)}
      verb={words.save}
      busyVerb={words.saving}
      onClose={props.onClose}
    >
      <RolesField of={form.field('roles')} />
    </FormDialog>
  )
}

function RolesField(props: { of: FieldOf<Roles> }): JSX.Element {
  const set = (role: Roles[number], on: boolean) =>
    props.of.set(on ? [...props.of.value(), role] : props.of.value().filter((held) => held !== role))
  return (
    <FieldGroup legend={words.roles} id={props.of.id} error={props.of.error()}>
      <div class="stack tight">
        <For each={allRoles}>
          {(role) => (
            <Checkbox
              label={words.role[role]}
              help={words.roleHelp[role]}
              checked={props.of.value().includes(role)}
              onChange={(on) => set(role, on)}
            />
          )}
        </For>
      </div>
    </FieldGroup>
  )
}

function Waiting(): JSX.Element {
  return (
    <Skeleton what={words.loading}>
      <div class="card">
        <div class="card-body">
          <Bone shape="long" />
          <Bone shape="half" />
          <Bone shape="long" />
          <Bone shape="half" />
        </div>
      </div>
    </Skeleton>
  )
}
