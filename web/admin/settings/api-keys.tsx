import { createResource, createSignal, For, Show, type JSX } from 'solid-js'
import { asProblem } from '../../api/problem.ts'
import { State, type Mood } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { CopyButton } from '../../ui/copy.tsx'
import { Confirm, Dialog } from '../../ui/dialog.tsx'
import { FieldGroup } from '../../ui/inputs.tsx'
import { createForm, TextField, type FieldOf } from '../../ui/form.tsx'
import { FormDialog } from '../../ui/form-dialog.tsx'
import { SelectField } from '../../ui/form-inputs.tsx'
import { lock, plus } from '../../ui/icon.tsx'
import { createLaterPages } from '../../ui/later-pages.ts'
import { say } from '../../ui/messages.tsx'
import { Panel } from '../../ui/panel.tsx'
import { Bone, Empty, Loaded, Skeleton } from '../../ui/states.tsx'
import { Table } from '../../ui/table.tsx'
import { Time } from '../../ui/time.tsx'
import { admin } from '../../words/admin.ts'
import { date } from '../../words/format.ts'
import { explain } from '../../words/problem.ts'
import { useStaff } from '../staff.tsx'
import { createApiKey, listApiKeys, revokeApiKey, type ApiKey, type ApiScope, type NewApiKey } from './api-keys.data.ts'
import './api-keys.css'

const words = admin.keys
const moods: Record<ApiKey['state'], Mood> = { active: 'good', suspended: 'warn', expired: 'none', revoked: 'none' }
const isScope = (text: string): text is ApiScope => text in words.scope
/** Each area with its scopes, where it has them. */
const areas = Object.entries(words.areas).map(([area, label]) => ({
  label,
  scopes: [`${area}:read`, `${area}:write`].map((scope) => (isScope(scope) ? scope : undefined)),
}))
const pageSize = 50

export function ApiKeysPage(): JSX.Element {
  const staff = useStaff()
  return (
    <Show when={staff.mayManage}>
      <Keys />
    </Show>
  )
}

function Keys(): JSX.Element {
  const [asked, setAsked] = createSignal(0)
  const [first, { refetch }] = createResource(() => listApiKeys({ limit: pageSize }))
  const later = createLaterPages(
    () => String(asked()),
    (cursor) => listApiKeys({ limit: pageSize, cursor }),
  )
  const [making, setMaking] = createSignal(false)
  const [made, setMade] = createSignal<NewApiKey>()
  const [ending, setEnding] = createSignal<ApiKey>()
  const [busy, setBusy] = createSignal(false)
  const [trouble, setTrouble] = createSignal<string>()

  const again = async () => {
    setAsked(asked() + 1)
    await refetch()
  }
  const revoke = async (key: ApiKey) => {
    setBusy(true)
    try {
      await revokeApiKey(key.id)
      setEnding(undefined)
      say(words.revoked(key.name))
      await again()
    } catch (error) {
      setTrouble(explain(asProblem(error)))
    } finally {
      setBusy(false)
    }
  }
  const make = () => (
    <Button look="primary" icon={plus} onClick={() => setMaking(true)}>
      {words.make}
    </Button>
  )

  return (
    <div class="stack wide">
      <p class="quiet">
        {words.lead}{' '}
        <a href="/api/docs" target="_blank" rel="noopener">
          {words.docs}
        </a>
      </p>
      <Panel title={words.title} end={make()}>
        <Loaded of={first} waiting={<Waiting />} failedTitle={words.failed} retry={() => void refetch()}>
          {(page) => (
            <Show
              when={page().items.length > 0}
              fallback={
                <Empty icon={lock} title={words.emptyTitle}>
                  {words.emptyText}
                </Empty>
              }
            >
              <KeyTable
                keys={later.rows(page())}
                onRevoke={(key) => {
                  setTrouble(undefined)
                  setEnding(key)
                }}
              />
              <Show when={later.cursor(page())}>
                {(at) => (
                  <div class="table-foot">
                    <Button busy={later.busy()} onClick={() => void later.more(at())}>
                      {words.more}
                    </Button>
                  </div>
                )}
              </Show>
            </Show>
          )}
        </Loaded>
      </Panel>
      <Show when={making()}>
        <KeyForm
          onClose={() => setMaking(false)}
          onMade={(key) => {
            setMaking(false)
            setMade(key)
            void again()
          }}
        />
      </Show>
      <Show when={made()}>{(key) => <ShownOnce key={key()} onClose={() => setMade(undefined)} />}</Show>
      <Show when={ending()}>
        {(key) => (
          <Confirm
            open
            title={words.revokeTitle(key().name)}
            verb={words.revoke}
            busy={busy()}
            trouble={trouble()}
            onConfirm={() => void revoke(key())}
            onClose={() => setEnding(undefined)}
          >
            <p>{words.revokeText}</p>
          </Confirm>
        )}
      </Show>
    </div>
  )
}

function KeyTable(props: { keys: ApiKey[]; onRevoke: (key: ApiKey) => void }): JSX.Element {
  return (
    <Table
      label={words.title}
      rows={props.keys}
      id={(key) => key.id}
      columns={[
        {
          key: 'name',
          title: words.columns.name,
          wraps: true,
          cell: (key) => (
            <>
              <span class="name" tabindex="-1">
                {key.name}
              </span>
              <br />
              <code class="quiet">{key.handle}…</code>
            </>
          ),
        },
        { key: 'state', title: words.columns.state, wraps: true, cell: (key) => <KeyState key={key} /> },
        {
          key: 'may',
          title: words.columns.may,
          wide: true,
          wraps: true,
          cell: (key) => <Mays key={key} />,
        },
        { key: 'by', title: words.columns.by, wide: true, cell: (key) => key.creator.name },
        {
          key: 'used',
          title: words.columns.used,
          wide: true,
          numeric: true,
          cell: (key) => (
            <Show when={key.lastUsedAt} fallback={<span class="quiet">{words.never}</span>}>
              {(at) => <Time at={at()} relative plain />}
            </Show>
          ),
        },
        { key: 'ends', title: words.columns.ends, wide: true, numeric: true, cell: (key) => date(key.expiresAt) },
        {
          key: 'act',
          title: words.columns.act,
          quiet: true,
          numeric: true,
          cell: (key) => (
            <Show when={key.state === 'active' || key.state === 'suspended'}>
              <Button look="plain" class="in-row" onClick={() => props.onRevoke(key)}>
                {words.revoke}
                <span class="sr">: {key.name}</span>
              </Button>
            </Show>
          ),
        },
      ]}
    />
  )
}

/** What a key may, in two lines: the areas it sees, and those it changes. */
function Mays(props: { key: ApiKey }): JSX.Element {
  const of = (position: 0 | 1) => {
    const held = areas.filter(({ scopes }) => {
      const scope = scopes[position]
      return scope !== undefined && props.key.scopes.includes(scope)
    })
    const isAll = held.length === areas.filter(({ scopes }) => scopes[position] !== undefined).length
    return isAll ? words.everything : held.map(({ label }) => label).join(', ')
  }
  return (
    <>
      <Show when={of(0)}>
        <div>
          <span class="quiet">{words.see}:</span> {of(0)}
        </div>
      </Show>
      <Show when={of(1)}>
        <div>
          <span class="quiet">{words.change}:</span> {of(1)}
        </div>
      </Show>
    </>
  )
}

function KeyState(props: { key: ApiKey }): JSX.Element {
  const note = () => {
    const { state, creator } = props.key
    if (state === 'suspended') return words.suspended(creator.name)
    const isLess = creator.role === 'technician' || creator.role === 'viewer'
    return state === 'active' && isLess ? words.limited(creator.name, admin.role[creator.role]) : undefined
  }
  return (
    <>
      <State mood={note() === undefined ? moods[props.key.state] : 'warn'}>{words.state[props.key.state]}</State>
      <Show when={note()}>
        <br />
        <span class="quiet">{note()}</span>
      </Show>
    </>
  )
}

function KeyForm(props: { onClose: () => void; onMade: (key: NewApiKey) => void }): JSX.Element {
  const initial: { name: string; expiresInDays: string; scopes: ApiScope[] } = {
    name: '',
    expiresInDays: '365',
    scopes: [],
  }
  const form = createForm({
    initial,
    check: (values) => ({
      ...(values.name.trim() === '' && { name: words.enterName }),
      ...(values.scopes.length === 0 && { scopes: words.chooseOne }),
    }),
    save: async ({ name, expiresInDays, scopes }) =>
      props.onMade(await createApiKey({ name: name.trim(), expiresInDays: Number(expiresInDays), scopes })),
  })
  return (
    <FormDialog of={form} title={words.make} verb={words.make} busyVerb={words.making} onClose={props.onClose}>
      <TextField of={form.field('name')} label={words.name} help={words.nameHelp} />
      <ScopeTable of={form.field('scopes')} />
      <SelectField
        of={form.field('expiresInDays')}
        label={words.ends}
        options={Object.entries(words.days).map(([value, label]) => ({ value, label }))}
      />
    </FormDialog>
  )
}

function ScopeTable(props: { of: FieldOf<ApiScope[]> }): JSX.Element {
  const set = (scope: ApiScope, on: boolean) =>
    props.of.set(on ? [...props.of.value(), scope] : props.of.value().filter((held) => held !== scope))
  return (
    <FieldGroup legend={words.may} id={props.of.id} help={words.mayHelp} error={props.of.error()}>
      <table class="scopes">
        <thead>
          <tr>
            <th scope="col">{words.area}</th>
            <th scope="col">{words.see}</th>
            <th scope="col">{words.change}</th>
          </tr>
        </thead>
        <tbody>
          <For each={areas}>
            {(area) => (
              <tr>
                <th scope="row">{area.label}</th>
                <For each={area.scopes}>
                  {(scope) => (
                    <td>
                      <Show when={scope}>
                        {(known) => (
                          <input
                            class="tick"
                            type="checkbox"
                            aria-label={words.scope[known()]}
                            checked={props.of.value().includes(known())}
                            onChange={(event) => set(known(), event.currentTarget.checked)}
                          />
                        )}
                      </Show>
                    </td>
                  )}
                </For>
              </tr>
            )}
          </For>
        </tbody>
      </table>
    </FieldGroup>
  )
}

function ShownOnce(props: { key: NewApiKey; onClose: () => void }): JSX.Element {
  return (
    <Dialog
      open
      title={words.shownTitle(props.key.name)}
      onClose={props.onClose}
      foot={
        <Button look="primary" onClick={() => props.onClose()}>
          {words.stored}
        </Button>
      }
    >
      <p>{words.shownText}</p>
      <div class="secret">
        <code>{props.key.token}</code>
        <CopyButton text={props.key.token} label={words.copy} />
      </div>
    </Dialog>
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
