import { useNavigate, useSearchParams } from '@solidjs/router'
import { createResource, createSignal, For, Show, type JSX } from 'solid-js'
import { asProblem } from '../../api/problem.ts'
import { Button, ButtonLink } from '../../ui/button.tsx'
import { RadioGroup } from '../../ui/inputs.tsx'
import { say } from '../../ui/messages.tsx'
import { Crumbs } from '../../ui/nav.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Panel } from '../../ui/panel.tsx'
import { Bone, Loaded, Skeleton } from '../../ui/states.tsx'
import { admin } from '../../words/admin.ts'
import { merges as words } from '../../words/merges.ts'
import { explain } from '../../words/problem.ts'
import { useTitle } from '../title.ts'
import { mergeCustomers, previewMerge, type MergeField, type MergeInput, type MergePreview } from './merges.data.ts'
import './merges.css'

type Side = 'survivor' | 'merged'
type Errors = Record<string, string>
type Chosen = {
  fields: Partial<Record<MergeField, Side | 'both'>>
  portal?: Side
  escalation?: 'survivor_first' | 'merged_first'
  mainContact?: Side
  contacts: Record<string, Side>
}

/** Two customers side by side: what stays, what moves, what has to be decided, and the one act. */
export function MergePage(): JSX.Element {
  const navigate = useNavigate()
  const [params, setParams] = useSearchParams<{ stays?: string; goes?: string }>()
  useTitle(() => words.title)
  const pair = () => ({ survivorId: params.stays ?? '', mergedId: params.goes ?? '' })
  const [preview, { refetch }] = createResource(pair, previewMerge)
  const [chosen, setChosen] = createSignal<Chosen>({ fields: {}, contacts: {} })
  const [errors, setErrors] = createSignal<Errors>({})
  const [trouble, setTrouble] = createSignal<string>()
  const [busy, setBusy] = createSignal(false)

  const swap = () => {
    // What was chosen was chosen by side, and the sides have changed.
    setChosen({ fields: {}, contacts: {} })
    setErrors({})
    setTrouble(undefined)
    setParams({ stays: params.goes, goes: params.stays }, { replace: true })
  }
  const choose = (pointer: string, change: (before: Chosen) => Chosen) => {
    setChosen(change)
    setErrors(({ [pointer]: _, ...rest }) => rest)
  }
  const send = async (of: MergePreview) => {
    setBusy(true)
    setTrouble(undefined)
    try {
      await mergeCustomers(inputOf(of, chosen()))
      say(words.done(of.merged.name, of.survivor.name))
      navigate(`/customers/${of.survivor.id}`, { replace: true })
    } catch (error) {
      const problem = asProblem(error)
      setErrors(Object.fromEntries(problem.errors.map(({ pointer, detail }) => [pointer, detail])))
      setTrouble(problem.status === 412 ? words.changed : explain(problem))
      if (problem.status === 412) void refetch()
      queueMicrotask(() => document.querySelector<HTMLElement>('.merge .wrong')?.focus())
    } finally {
      setBusy(false)
    }
  }

  return (
    <Loaded
      of={preview}
      waiting={<Waiting />}
      failedTitle={words.failed}
      retry={() => void refetch()}
      elsewhere={<ButtonLink href="/customers">{admin.toCustomers}</ButtonLink>}
    >
      {(of) => (
        <>
          <Crumbs
            label={admin.breadcrumb}
            path={[
              { href: '/customers', label: admin.customers.title },
              { href: `/customers/${of().survivor.id}`, label: of().survivor.name },
            ]}
            here={words.title}
          />
          <div class="head top">
            <h1>{words.title}</h1>
          </div>
          <form
            class="merge stack"
            novalidate
            onSubmit={(event) => {
              event.preventDefault()
              if (!busy()) void send(of())
            }}
          >
            <p class="quiet">{words.lead}</p>
            <Show when={trouble()}>{(text) => <Notice kind="bad">{text()}</Notice>}</Show>
            <section class="panel panel-body">
              <RadioGroup
                legend={words.stays}
                value={of().survivor.id}
                options={[of().survivor, of().merged]
                  .toSorted((one, other) => one.createdAt.localeCompare(other.createdAt))
                  .map((side) => ({
                    value: side.id,
                    label: side.name,
                    help: words.staysHelp(side.createdAt, side.tenants.length, side.contacts.length),
                  }))}
                onChange={(id) => id !== of().survivor.id && swap()}
              />
            </section>
            <Fields of={of()} chosen={chosen()} errors={errors()} choose={choose} />
            <Collisions of={of()} chosen={chosen()} errors={errors()} choose={choose} />
            <Moves of={of()} chosen={chosen()} />
            <div class="merge-act">
              <Button look="primary" type="submit" busy={busy()} busyLabel={words.merging}>
                {words.confirm(of().merged.name, of().survivor.name)}
              </Button>
              <ButtonLink href={`/customers/${of().survivor.id}`}>{words.cancel}</ButtonLink>
              <span class="quiet small">{words.goes(of().merged.name)}</span>
            </div>
          </form>
        </>
      )}
    </Loaded>
  )
}

type Part = {
  of: MergePreview
  chosen: Chosen
  errors: Errors
  choose: (pointer: string, change: (before: Chosen) => Chosen) => void
}

/** Field by field what both say; only where they differ is there something to choose. */
function Fields(props: Part): JSX.Element {
  const differing = () => props.of.fields.filter(({ survivor, merged }) => (survivor ?? '') !== (merged ?? ''))
  const pick = (field: MergeField, value: Side | 'both') =>
    props.choose(`/fields/${field}`, (before) => ({ ...before, fields: { ...before.fields, [field]: value } }))
  return (
    <Panel title={words.fields} end={<span class="quiet small">{words.fieldsNote}</span>} padded>
      <Show when={differing().length > 0} fallback={<p class="quiet">{words.allSame}</p>}>
        <div class="stack merge-fields">
          <For each={differing()}>
            {(row) => (
              <RadioGroup
                legend={words.field[row.field]}
                value={props.chosen.fields[row.field] ?? unchosen(row)}
                error={props.errors[`/fields/${row.field}`]}
                options={[
                  {
                    value: 'survivor',
                    label: row.survivor ?? words.empty,
                    help: words.from(props.of.survivor.name),
                  },
                  { value: 'merged', label: row.merged ?? words.empty, help: words.from(props.of.merged.name) },
                  ...(row.field === 'notes' && row.survivor && row.merged
                    ? [{ value: 'both', label: words.both }]
                    : []),
                ]}
                onChange={(value) => isChoice(value) && pick(row.field, value)}
              />
            )}
          </For>
        </div>
      </Show>
    </Panel>
  )
}

const unchosen = ({ survivor, mustChoose }: MergePreview['fields'][number]): string => {
  if (mustChoose) return ''
  return survivor === null ? 'merged' : 'survivor'
}

const isSide = (value: string): value is Side => value === 'survivor' || value === 'merged'
const isChoice = (value: string): value is Side | 'both' => value === 'both' || isSide(value)

function Collisions(props: Part): JSX.Element {
  const clashes = () => props.of.collisions
  const any = () =>
    clashes().portal || clashes().escalation || clashes().mainContact !== null || clashes().contacts.length > 0
  const sides = (label: (side: Side) => string, help?: (side: Side) => string) =>
    (['survivor', 'merged'] as const).map((side) => ({
      value: side,
      label: label(side),
      ...(help === undefined ? {} : { help: help(side) }),
    }))
  const other = (side: Side): Side => (side === 'survivor' ? 'merged' : 'survivor')
  /** Whose invitation leads to the portal that was not chosen, but for those who go themselves. */
  const stranded = () => {
    const side = props.chosen.portal
    if (side === undefined) return []
    const gone = clashes().contacts.map((both) => both[other(props.chosen.contacts[both.email] ?? 'survivor')].id)
    return clashes()
      .invitations[other(side)].filter(({ id }) => !gone.includes(id))
      .map(({ name }) => name)
  }
  return (
    <Show when={any()}>
      <Panel title={words.collisions} end={<span class="quiet small">{words.collisionsNote}</span>} padded>
        <div class="stack merge-fields">
          <Show when={clashes().portal}>
            <RadioGroup
              legend={words.portal}
              value={props.chosen.portal ?? ''}
              error={props.errors['/collisions/portal']}
              options={sides(
                (side) => props.of[side].portalHost ?? '',
                (side) => words.portalHelp(props.of[other(side)].portalHost ?? ''),
              )}
              onChange={(value) =>
                isSide(value) && props.choose('/collisions/portal', (before) => ({ ...before, portal: value }))
              }
            />
          </Show>
          <Show when={stranded().length > 0 && props.chosen.portal}>
            {(side) => (
              <p class="quiet">
                {(props.of[side()].portalTakesPeopleIn ? words.invitedAnew : words.uninvited)(
                  stranded(),
                  props.of[side()].portalHost ?? '',
                )}
              </p>
            )}
          </Show>
          <Show when={clashes().escalation}>
            <RadioGroup
              legend={words.escalation}
              value={props.chosen.escalation?.replace('_first', '') ?? ''}
              error={props.errors['/collisions/escalation']}
              options={sides((side) => props.of[side].name)}
              onChange={(value) =>
                isSide(value) &&
                props.choose('/collisions/escalation', (before) => ({ ...before, escalation: `${value}_first` }))
              }
            />
          </Show>
          <Show when={clashes().mainContact}>
            {(main) => (
              <RadioGroup
                legend={words.mainContact}
                value={props.chosen.mainContact ?? ''}
                error={props.errors['/collisions/mainContact']}
                options={sides(
                  (side) => main()[side].name,
                  (side) => words.from(props.of[side].name),
                )}
                onChange={(value) =>
                  isSide(value) &&
                  props.choose('/collisions/mainContact', (before) => ({ ...before, mainContact: value }))
                }
              />
            )}
          </Show>
          <For each={clashes().contacts}>
            {(both) => (
              <RadioGroup
                legend={words.contact(both.email)}
                value={props.chosen.contacts[both.email] ?? ''}
                error={props.errors[pointerOf(both.email)]}
                options={sides(
                  (side) => [both[side].name, both[side].jobTitle, both[side].phone].filter(Boolean).join(', '),
                  (side) => `${words.from(props.of[side].name)}, ${words.access[both[side].access]}`,
                )}
                onChange={(value) =>
                  isSide(value) &&
                  props.choose(pointerOf(both.email), (before) => ({
                    ...before,
                    contacts: { ...before.contacts, [both.email]: value },
                  }))
                }
              />
            )}
          </For>
        </div>
      </Panel>
    </Show>
  )
}

const pointerOf = (email: string) => `/collisions/contacts/${email.replaceAll('~', '~0').replaceAll('/', '~1')}`

function Moves(props: { of: MergePreview; chosen: Chosen }): JSX.Element {
  const merged = () => props.of.merged
  const names = (rows: { name: string }[]) => rows.map(({ name }) => name)
  const moving = () => {
    const gone = new Set(
      props.of.collisions.contacts
        .filter(({ email }) => props.chosen.contacts[email] !== 'merged')
        .map((both) => both.merged.id),
    )
    return merged().contacts.filter(({ id }) => !gone.has(id))
  }
  const portal = () =>
    merged().portalHost !== null && (!props.of.collisions.portal || props.chosen.portal === 'merged')
      ? merged().portalHost
      : null
  return (
    <Panel title={words.moves(merged().name, props.of.survivor.name)} padded>
      <ul class="goes">
        <Show when={merged().tenants.length > 0}>
          <li>{words.tenants(names(merged().tenants))}</li>
        </Show>
        <Show when={moving().length > 0}>
          <li>{words.contacts(names(moving()))}</li>
        </Show>
        <Show when={merged().documentCount > 0}>
          <li>{words.documents(merged().documentCount)}</li>
        </Show>
        <Show when={merged().ticketCount > 0}>
          <li>{words.tickets(merged().ticketCount)}</li>
        </Show>
        <Show when={portal()}>{(host) => <li>{words.portalMoves(host())}</li>}</Show>
        <li>{words.others}</li>
        <li>{words.history}</li>
      </ul>
    </Panel>
  )
}

const inputOf = (of: MergePreview, { fields, contacts, ...collisions }: Chosen): MergeInput => {
  const { notes, ...others } = fields
  return {
    survivorId: of.survivor.id,
    mergedId: of.merged.id,
    survivorVersion: of.survivor.version,
    mergedVersion: of.merged.version,
    fields: { ...(others as NonNullable<MergeInput['fields']>), ...(notes === undefined ? {} : { notes }) },
    collisions: { ...collisions, contacts },
  }
}

function Waiting(): JSX.Element {
  return (
    <Skeleton what={words.loading}>
      <div class="stack customer-waiting">
        <Bone shape="half tall" />
        <Bone shape="long tall" />
        <Bone shape="long tall" />
      </div>
    </Skeleton>
  )
}
