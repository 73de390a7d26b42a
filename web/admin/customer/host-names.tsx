import { createEffect, createResource, createSignal, For, on, onCleanup, Show, type JSX } from 'solid-js'
import { asProblem } from '../../api/problem.ts'
import { Badge, State, type Mood } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { CopyButton } from '../../ui/copy.tsx'
import { Confirm } from '../../ui/dialog.tsx'
import { createForm, TextField } from '../../ui/form.tsx'
import { FormDialog } from '../../ui/form-dialog.tsx'
import { alert, check, clock, Icon, more, out, plus } from '../../ui/icon.tsx'
import { Menu, type MenuItem } from '../../ui/menu.tsx'
import { say } from '../../ui/messages.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Panel } from '../../ui/panel.tsx'
import { Bone, Loaded, Skeleton } from '../../ui/states.tsx'
import { hostNames as words } from '../../words/host-names.ts'
import { explain } from '../../words/problem.ts'
import { useCustomer } from './customer-context.ts'
import {
  addHostname,
  checkHostname,
  listHostnames,
  makePrefixPrimary,
  makePrimary,
  removeHostname,
  type Hostname,
  type HostnameList,
} from './host-names.data.ts'
import './host-names.css'

const pollMs = 3_000
/** A name that waits longer for somebody to set its records is asked for less eagerly. */
const eagerMs = 10 * 60_000
const moods: Record<Hostname['state'], Mood> = { pending: 'info', active: 'good', problem: 'warn' }

/** The portal's addresses: its prefix, and the customer's own names with what is still to be done for each. */
export function HostNames(): JSX.Element {
  const shown = useCustomer()
  const id = () => shown.customer().id
  const [names, { refetch }] = createResource(id, listHostnames)
  const [adding, setAdding] = createSignal(false)
  const [leaving, setLeaving] = createSignal<Hostname>()
  const [busy, setBusy] = createSignal(false)
  const [trouble, setTrouble] = createSignal<string>()
  const known = () => (names.state === 'ready' || names.state === 'refreshing' ? names.latest : undefined)
  const isWaiting = () => known()?.items.some(isAwaited) === true
  createEffect(
    on(isWaiting, (now) => {
      if (!now) return
      const timer = setInterval(() => void refetch(), pollMs)
      onCleanup(() => clearInterval(timer))
    }),
  )

  const act = async (run: () => Promise<void>, done: string) => {
    try {
      await run()
      say(done)
      shown.refresh()
      await refetch()
    } catch (error) {
      say(explain(asProblem(error)), { mood: 'bad' })
    }
  }
  const leave = async (one: Hostname) => {
    setBusy(true)
    try {
      await removeHostname(id(), one)
      setLeaving(undefined)
      say(words.removed(one.hostname))
      shown.refresh()
      await refetch()
    } catch (error) {
      setTrouble(explain(asProblem(error)))
    } finally {
      setBusy(false)
    }
  }

  const add = () => (
    <Button icon={plus} onClick={() => setAdding(true)}>
      {words.add}
    </Button>
  )
  return (
    <div class="host-names">
      <Panel title={words.title} end={shown.mayChange() ? add() : undefined}>
        <Loaded of={names} waiting={<Waiting />} failedTitle={words.failed} retry={() => void refetch()}>
          {(list) => (
            <>
              <Prefix
                list={list()}
                act={
                  shown.mayChange()
                    ? (primary) =>
                        void act(() => makePrefixPrimary(id(), primary), words.madePrimary(list().prefixHost ?? ''))
                    : undefined
                }
              />
              <For each={list().items}>
                {(one) => (
                  <Name
                    of={one}
                    prefixHost={list().prefixHost ?? ''}
                    items={
                      shown.mayChange()
                        ? [
                            [
                              ...(one.state === 'active' && !one.isPrimary
                                ? [
                                    {
                                      label: words.makePrimary,
                                      onSelect: () =>
                                        void act(() => makePrimary(id(), one), words.madePrimary(one.hostname)),
                                    },
                                  ]
                                : []),
                              {
                                label: words.check,
                                onSelect: () =>
                                  void act(() => checkHostname(id(), one.id), words.checkAsked(one.hostname)),
                              },
                            ],
                            [
                              {
                                label: words.remove,
                                danger: true,
                                onSelect: () => {
                                  setTrouble(undefined)
                                  setLeaving(one)
                                },
                              },
                            ],
                          ]
                        : []
                    }
                    check={() => void act(() => checkHostname(id(), one.id), words.checkAsked(one.hostname))}
                    mayWrite={shown.mayChange()}
                  />
                )}
              </For>
            </>
          )}
        </Loaded>
      </Panel>
      <Show when={adding()}>
        <Adding
          customerId={id()}
          onClose={() => setAdding(false)}
          onDone={(made) => {
            setAdding(false)
            say(words.added(made.hostname))
            void refetch()
          }}
        />
      </Show>
      <Confirm
        open={leaving() !== undefined}
        title={words.removeTitle(leaving()?.hostname ?? '')}
        verb={words.remove}
        busy={busy()}
        trouble={trouble()}
        onClose={() => setLeaving(undefined)}
        onConfirm={() => {
          const one = leaving()
          if (one) void leave(one)
        }}
      >
        <Show when={leaving()}>{(one) => <p>{words.removeText(one(), known()?.prefixHost ?? '')}</p>}</Show>
      </Confirm>
    </div>
  )
}

/** Whether something about it is to be expected in a moment. */
const isAwaited = (one: Hostname): boolean =>
  one.checkedAt === null ||
  (one.nextCheckAt !== null && Date.parse(one.nextCheckAt) <= Date.now()) ||
  (one.state !== 'active' && Date.now() - Date.parse(one.createdAt) < eagerMs)

function Prefix(props: { list: HostnameList; act: ((primary: Hostname) => void) | undefined }): JSX.Element {
  const primary = () => props.list.items.find((one) => one.isPrimary)
  const isLinked = () => props.list.linkedHost === props.list.prefixHost
  return (
    <article class="host-name" aria-label={props.list.prefixHost ?? ''}>
      <div class="host-name-head">
        <h3>{props.list.prefixHost}</h3>
        <State mood="good">{words.always}</State>
        <Show when={isLinked()}>
          <Badge mood="none" icon={out}>
            {words.primary}
          </Badge>
        </Show>
        <Show when={props.act}>
          {(act) => (
            <Show when={primary()}>
              {(one) => (
                <span class="push">
                  <Button look="plain" onClick={() => act()(one())}>
                    {words.makePrimary}
                    <span class="sr">: {props.list.prefixHost}</span>
                  </Button>
                </span>
              )}
            </Show>
          )}
        </Show>
      </div>
      <p class="quiet">{words.lead(props.list.prefixHost ?? '')}</p>
    </article>
  )
}

function Name(props: {
  of: Hostname
  prefixHost: string
  items: MenuItem[][]
  check: () => void
  mayWrite: boolean
}): JSX.Element {
  const isFine = () => props.of.state === 'active'
  return (
    <article class="host-name" aria-label={props.of.hostname}>
      <div class="host-name-head">
        <h3>
          <Show when={props.of.answers} fallback={props.of.hostname}>
            <a class="with-link" href={props.of.url} target="_blank" rel="noopener">
              {props.of.hostname}
              <Icon of={out} />
            </a>
          </Show>
        </h3>
        <State mood={moods[props.of.state]}>{words.state[props.of.state]}</State>
        <Show when={props.of.isPrimary && isFine()}>
          <Badge mood="none" icon={out}>
            {words.primary}
          </Badge>
        </Show>
        <span class="push">
          <Show when={props.mayWrite && !isFine()}>
            <Button look="plain" onClick={() => props.check()}>
              {words.check}
              <span class="sr">: {props.of.hostname}</span>
            </Button>
          </Show>
          <Show when={props.mayWrite}>
            <Menu
              buttonClass="icon-button"
              buttonLabel={words.more(props.of.hostname)}
              button={<Icon of={more} />}
              side="end"
              groups={props.items}
            />
          </Show>
        </span>
      </div>
      <Situation of={props.of} prefixHost={props.prefixHost} />
      <Show when={!isFine()}>
        <Steps of={props.of} />
      </Show>
      <Show
        when={isFine()}
        fallback={
          <>
            <p class="quiet">{words.recordsText}</p>
            <Records of={props.of} />
          </>
        }
      >
        <details>
          <summary>{words.showRecords}</summary>
          <Records of={props.of} />
        </details>
      </Show>
      <p class="quiet">
        {words.checkedAt(props.of.checkedAt)}
        <Show when={props.of.nextCheckAt === null}>. {words.notCheckedAnyMore}</Show>
      </p>
    </article>
  )
}

/** What has become of a name that opened the portal once. */
function Situation(props: { of: Hostname; prefixHost: string }): JSX.Element {
  return (
    <>
      <Show when={props.of.troubleSince !== null && props.of.answersUntil}>
        {(until) => (
          <Notice kind="warn">
            <p>
              {words.troubleUntil(props.of.troubleSince ?? '', until())}{' '}
              <Show when={props.of.isPrimary}>{words.primaryInTrouble(props.prefixHost)}</Show>
            </p>
          </Notice>
        )}
      </Show>
      <Show when={props.of.givenUpAt}>
        {(at) => (
          <Notice kind="warn">
            <p>{words.givenUp(props.of.troubleSince, at())}</p>
          </Notice>
        )}
      </Show>
    </>
  )
}

function Steps(props: { of: Hostname }): JSX.Element {
  const isWaiting = (reason: string) => ['unchecked', 'after_the_others', 'being_issued'].includes(reason)
  return (
    <ul class="host-steps" aria-label={words.steps}>
      <For each={props.of.steps}>
        {(step) => (
          <li>
            <span class={`mark ${step.done ? 'good' : isWaiting(step.reason) ? '' : 'warn'}`}>
              <Icon of={step.done ? check : isWaiting(step.reason) ? clock : alert} />
            </span>
            <span>
              <span class="sr">{step.done ? words.done : words.missing}: </span>
              {words.step[step.name]}
            </span>
            <span>
              {words.reason(step.name, step.reason, props.of.leadsTo)}
              <Show when={step.name === 'certificate' && !step.done && isReported(step.reason)}>
                <For each={props.of.reported}>
                  {(text) => (
                    <span class="quiet">
                      {' '}
                      {words.reported} {text}
                    </span>
                  )}
                </For>
              </Show>
            </span>
          </li>
        )}
      </For>
    </ul>
  )
}

const isReported = (reason: string) => ['being_issued', 'not_issued', 'blocked', 'moved'].includes(reason)

function Records(props: { of: Hostname }): JSX.Element {
  return (
    <table class="host-records" aria-label={words.records}>
      <thead>
        <tr>
          <th scope="col">{words.recordType}</th>
          <th scope="col">{words.recordName}</th>
          <th scope="col">{words.recordValue}</th>
        </tr>
      </thead>
      <tbody>
        <For each={props.of.records}>
          {(record) => (
            <tr>
              <th scope="row">{record.type}</th>
              <td>
                <span class="copied">
                  <code>{record.name}</code>
                  <CopyButton text={record.name} label={words.copyName(record.type)} />
                </span>
              </td>
              <td>
                <span class="copied">
                  <code>{record.value}</code>
                  <CopyButton text={record.value} label={words.copyValue(record.type)} />
                </span>
              </td>
            </tr>
          )}
        </For>
      </tbody>
    </table>
  )
}

function Adding(props: { customerId: string; onClose: () => void; onDone: (made: Hostname) => void }): JSX.Element {
  const form = createForm({
    initial: { hostname: '' },
    check: (values) => (values.hostname.trim() === '' ? { hostname: words.enter } : {}),
    save: async (values) => props.onDone(await addHostname(props.customerId, values.hostname.trim())),
  })
  return (
    <FormDialog of={form} title={words.addTitle} verb={words.add} busyVerb={words.adding} onClose={props.onClose}>
      <p>{words.addText}</p>
      <TextField of={form.field('hostname')} label={words.field} help={words.fieldHelp} spellcheck={false} />
    </FormDialog>
  )
}

function Waiting(): JSX.Element {
  return (
    <Skeleton what={words.loading}>
      <div class="stack wide host-name">
        <Bone shape="short" />
        <Bone shape="long" />
      </div>
    </Skeleton>
  )
}
