import { createResource, createSignal, Show, type JSX } from 'solid-js'
import { asProblem } from '../../api/problem.ts'
import type { StaffRole } from '../../boot.ts'
import { State, type Mood } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { Confirm } from '../../ui/dialog.tsx'
import { createForm, TextField } from '../../ui/form.tsx'
import { FormDialog } from '../../ui/form-dialog.tsx'
import { SelectField } from '../../ui/form-inputs.tsx'
import { Icon, more, plus } from '../../ui/icon.tsx'
import { Menu, type MenuItem } from '../../ui/menu.tsx'
import { say } from '../../ui/messages.tsx'
import { Panel } from '../../ui/panel.tsx'
import { Bone, Loaded, Skeleton } from '../../ui/states.tsx'
import { Table } from '../../ui/table.tsx'
import { Time } from '../../ui/time.tsx'
import { admin } from '../../words/admin.ts'
import { common } from '../../words/common.ts'
import { explain } from '../../words/problem.ts'
import { staffWords as words } from '../../words/staff.ts'
import { useStaff } from '../staff.tsx'
import { Requirement } from '../two-step/requirement.tsx'
import {
  blockStaff,
  changeStaffRole,
  inviteStaff,
  inviteStaffAgain,
  listStaff,
  unblockStaff,
  withdrawInvitation,
  type StaffMember,
} from './staff.data.ts'

const moods: Record<StaffMember['state'], Mood> = { invited: 'info', active: 'good', blocked: 'none' }
const roles: StaffRole[] = ['viewer', 'technician', 'admin', 'owner']
const isAddress = (text: string) => /^\S+@\S+\.\S+$/.test(text.trim())

type Asking = { what: 'block' | 'withdraw'; member: StaffMember }

export function StaffPage(): JSX.Element {
  const staff = useStaff()
  return (
    <Show when={staff.mayManage}>
      <Team />
    </Show>
  )
}

function Team(): JSX.Element {
  const staff = useStaff()
  const [list, { refetch }] = createResource(listStaff)
  const [inviting, setInviting] = createSignal(false)
  const [changing, setChanging] = createSignal<StaffMember>()
  const [asking, setAsking] = createSignal<Asking>()
  const [busy, setBusy] = createSignal(false)
  const [trouble, setTrouble] = createSignal<string>()

  const isOwner = () => staff.person.role === 'owner'
  const given = () => roles.filter((role) => role !== 'owner' || isOwner())
  const mayTouch = (member: StaffMember) => isOwner() || member.role !== 'owner'
  const done = async (told: string) => {
    say(told)
    await refetch()
  }
  const act = async (work: () => Promise<void>, told: string) => {
    try {
      await work()
      await done(told)
    } catch (error) {
      say(explain(asProblem(error)), { mood: 'bad' })
      await refetch()
    }
  }
  const confirm = async ({ what, member }: Asking) => {
    setBusy(true)
    try {
      await (what === 'block' ? blockStaff(member) : withdrawInvitation(member))
      setAsking(undefined)
      await done(what === 'block' ? words.blocked(member.name) : words.withdrawn(member.name))
    } catch (error) {
      setTrouble(explain(asProblem(error)))
    } finally {
      setBusy(false)
    }
  }
  const ask = (next: Asking) => {
    setTrouble(undefined)
    setAsking(next)
  }
  const items = (member: StaffMember): MenuItem[][] => {
    const isMe = member.id === staff.person.id
    const change = { label: words.changeRole, onSelect: () => setChanging(member) }
    switch (member.state) {
      case 'invited':
        return [
          [
            change,
            {
              label: words.inviteAgain,
              onSelect: () => void act(() => inviteStaffAgain(member), words.invitedAgain(member.name)),
            },
          ],
          [{ label: words.withdraw, danger: true, onSelect: () => ask({ what: 'withdraw', member }) }],
        ]
      case 'active':
        return [
          [change],
          ...(isMe ? [] : [[{ label: words.block, danger: true, onSelect: () => ask({ what: 'block', member }) }]]),
        ]
      case 'blocked':
        return [
          [
            change,
            {
              label: words.unblock,
              onSelect: () => void act(() => unblockStaff(member), words.unblocked(member.name)),
            },
          ],
        ]
    }
  }

  return (
    <div class="stack wide">
      <p class="quiet">{words.lead}</p>
      <Panel
        title={words.title}
        end={
          <Button look="primary" icon={plus} onClick={() => setInviting(true)}>
            {words.invite}
          </Button>
        }
      >
        <Loaded of={list} waiting={<Waiting />} failedTitle={words.failed} retry={() => void refetch()}>
          {(members) => (
            <Table
              label={words.title}
              rows={members()}
              id={(member) => member.id}
              columns={[
                {
                  key: 'name',
                  title: words.columns.name,
                  wraps: true,
                  phone: 'title',
                  cell: (member) => (
                    <>
                      <span class="name" tabindex="-1">
                        {member.name}
                      </span>
                      <Show when={member.id === staff.person.id}>
                        {' '}
                        <span class="quiet">({words.you})</span>
                      </Show>
                      <br />
                      <span class="quiet">{member.email}</span>
                    </>
                  ),
                },
                { key: 'role', title: words.columns.role, phone: 'line', cell: (member) => admin.role[member.role] },
                {
                  key: 'state',
                  title: words.columns.state,
                  phone: 'line',
                  cell: (member) => <State mood={moods[member.state]}>{words.state[member.state]}</State>,
                },
                {
                  key: 'last',
                  title: words.columns.lastSignIn,
                  wide: true,
                  numeric: true,
                  cell: (member) => (
                    <Show when={member.lastSignInAt} fallback={<span class="quiet">{words.never}</span>}>
                      {(at) => <Time at={at()} relative plain />}
                    </Show>
                  ),
                },
                {
                  key: 'more',
                  title: words.columns.more,
                  quiet: true,
                  numeric: true,
                  phone: 'end',
                  cell: (member) => (
                    <Show when={mayTouch(member)}>
                      <Menu
                        buttonClass="icon-button"
                        buttonLabel={common.more(member.name)}
                        button={<Icon of={more} />}
                        side="end"
                        groups={items(member)}
                      />
                    </Show>
                  ),
                },
              ]}
            />
          )}
        </Loaded>
      </Panel>
      <Requirement />
      <Show when={inviting()}>
        <InviteForm
          roles={given()}
          onClose={() => setInviting(false)}
          onDone={(member) => {
            setInviting(false)
            void done(words.invited(member.name))
          }}
        />
      </Show>
      <Show when={changing()} keyed>
        {(member) => (
          <RoleForm
            member={member}
            roles={given()}
            onClose={() => setChanging(undefined)}
            onDone={(role) => {
              setChanging(undefined)
              void done(words.roleChanged(member.name, admin.role[role]))
            }}
          />
        )}
      </Show>
      <Show when={asking()} keyed>
        {(now) => (
          <Confirm
            open
            title={now.what === 'block' ? words.blockTitle(now.member.name) : words.withdrawTitle(now.member.name)}
            verb={now.what === 'block' ? words.block : words.withdraw}
            busy={busy()}
            trouble={trouble()}
            onConfirm={() => void confirm(now)}
            onClose={() => setAsking(undefined)}
          >
            <p>{now.what === 'block' ? words.blockText : words.withdrawText}</p>
          </Confirm>
        )}
      </Show>
    </div>
  )
}

const options = (offered: StaffRole[]) =>
  offered.map((role) => ({ value: role, label: words.roleOption(admin.role[role], words.roleMay[role]) }))

function InviteForm(props: {
  roles: StaffRole[]
  onClose: () => void
  onDone: (member: StaffMember) => void
}): JSX.Element {
  const initial: { name: string; email: string; role: StaffRole } = { name: '', email: '', role: 'technician' }
  const form = createForm({
    initial,
    check: (values) => ({
      ...(values.name.trim() === '' && { name: words.enterName }),
      ...(!isAddress(values.email) && { email: words.enterEmail }),
    }),
    save: async ({ name, email, role }) =>
      props.onDone(await inviteStaff({ name: name.trim(), email: email.trim(), role })),
  })
  return (
    <FormDialog
      of={form}
      title={words.invite}
      verb={words.inviteVerb}
      busyVerb={words.inviting}
      onClose={props.onClose}
    >
      <TextField of={form.field('name')} label={words.name} />
      <TextField of={form.field('email')} label={words.email} help={words.emailHelp} type="email" spellcheck={false} />
      <SelectField of={form.field('role')} label={words.role} options={options(props.roles)} />
    </FormDialog>
  )
}

function RoleForm(props: {
  member: StaffMember
  roles: StaffRole[]
  onClose: () => void
  onDone: (role: StaffRole) => void
}): JSX.Element {
  const form = createForm({
    initial: { role: props.member.role },
    save: async ({ role }) => {
      await changeStaffRole(props.member, role)
      props.onDone(role)
    },
  })
  return (
    <FormDialog
      of={form}
      title={words.changeRoleTitle(props.member.name)}
      verb={words.changeRole}
      busyVerb={words.changingRole}
      onClose={props.onClose}
    >
      <SelectField
        of={form.field('role')}
        label={words.role}
        help={words.changeRoleHelp}
        options={options(props.roles)}
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
