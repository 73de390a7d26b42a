import { A, useParams } from '@solidjs/router'
import { createResource, createSignal, For, Show, type JSX } from 'solid-js'
import { asProblem } from '../../api/problem.ts'
import type { RequestEvent } from '../../api/shapes.ts'
import { DecisionForm } from '../../requests/decision.tsx'
import { ChangedNotice, History, Steps, Summary } from '../../requests/reading.tsx'
import { RequestStanding } from '../../requests/standing.tsx'
import { Button, ButtonLink } from '../../ui/button.tsx'
import { Confirm } from '../../ui/dialog.tsx'
import { Facts } from '../../ui/facts.tsx'
import { Checkbox } from '../../ui/inputs.tsx'
import { say } from '../../ui/messages.tsx'
import { Crumbs } from '../../ui/nav.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Panel } from '../../ui/panel.tsx'
import { Bone, Loaded, Skeleton } from '../../ui/states.tsx'
import { Time } from '../../ui/time.tsx'
import { adminRequests as words } from '../../words/admin-requests.ts'
import { calendarDay } from '../../words/format.ts'
import { explain } from '../../words/problem.ts'
import { requests as shared } from '../../words/requests.ts'
import { useStaff } from '../staff.tsx'
import { useTitle } from '../title.ts'
import {
  approveRequest,
  completeRequest,
  declineRequest,
  readRequest,
  setStep,
  type StaffRequest,
} from './requests.data.ts'
import '../tickets/tickets.css'

/** Whether it is to be decided: what would be done for it matters less then than what it is. */
const isAwaited = ({ awaiting }: StaffRequest): boolean => awaiting !== null

/** One request: what was asked for, the decision, and what is to be done for it. */
export function RequestPage(): JSX.Element {
  const params = useParams<{ requestId: string }>()
  return (
    <Show when={params.requestId} keyed>
      {(requestId) => <One requestId={requestId} />}
    </Show>
  )
}

function One(props: { requestId: string }): JSX.Element {
  const staff = useStaff()
  const [request, { mutate, refetch }] = createResource(() => readRequest(props.requestId))
  useTitle(() => request.latest?.subject)
  /** What somebody else did meanwhile is shown, and why nothing came of it said; what was written and is not taken is thrown. */
  const decide = async (doing: (now: StaffRequest) => Promise<StaffRequest>, done?: (now: StaffRequest) => string) => {
    const now = request.latest
    if (now === undefined) return
    try {
      const next = await doing(now)
      mutate(next)
      if (done) say(done(next))
    } catch (error) {
      const problem = asProblem(error)
      if (problem.status !== 409 && problem.status !== 412) throw problem
      await refetch()
      say(problem.status === 412 ? words.changedMeanwhile : explain(problem), { mood: 'bad' })
    }
  }
  /** The same where nothing was written: why nothing came of it is said. */
  const act: typeof decide = (doing, done) =>
    decide(doing, done).catch((error: unknown) => say(explain(asProblem(error)), { mood: 'bad' }))
  const mayWrite = () => staff.may('requests.write')
  return (
    <Loaded
      of={request}
      waiting={<Waiting />}
      failedTitle={words.oneFailed}
      retry={() => void refetch()}
      elsewhere={<ButtonLink href="/requests">{words.all}</ButtonLink>}
    >
      {(value) => (
        <>
          <Crumbs
            label={words.all}
            path={[
              { href: '/requests', label: words.title },
              { href: `/customers/${value().customer.id}`, label: value().customer.name },
            ]}
            here={value().subject}
          />
          <div class="head top ticket-top">
            <div>
              <h1>
                <bdi>{value().subject}</bdi>
              </h1>
              <p class="row wrap small quiet">
                <RequestStanding state={value().state} provider={null} needsYou={value().state === 'awaiting_msp'} />
                <span>
                  {words.askedBy(value().requestedBy.name, value().createdAt)}
                  <Show when={value().raisedByName}>{(name) => `, ${words.writtenDownBy(name())}`}</Show>
                </span>
              </p>
            </div>
          </div>
          <div class="ticket-columns">
            <div class="stack">
              <ChangedNotice of={value().differences} />
              <Show when={value().awaiting && !value().may.approve}>
                <Notice>
                  {value().state === 'awaiting_customer'
                    ? words.waitsForCustomer
                    : words.mayNotDecide(value().awaiting?.names ?? [])}
                </Notice>
              </Show>
              <Show when={value().may.approve || value().may.decline}>
                <Decision
                  request={value()}
                  onApprove={(reason) =>
                    decide(
                      (now) => approveRequest(now, reason),
                      (next) => words.approved(next.ticket?.number),
                    )
                  }
                  onDecline={(reason) =>
                    decide(
                      (now) => declineRequest(now, reason),
                      () => words.declined,
                    )
                  }
                />
              </Show>
              <Show when={value().checklist.length > 0 && !isAwaited(value())}>
                <Checklist
                  request={value()}
                  mayWrite={mayWrite()}
                  onStep={(stepId, isDone) => act((now) => setStep(now.id, stepId, isDone))}
                  onComplete={(leaveOpen) =>
                    act(
                      (now) => completeRequest(now, leaveOpen),
                      () => words.completed,
                    )
                  }
                />
              </Show>
              <Panel title={shared.summary}>
                <div class="panel-body stack">
                  <Summary of={value().summary} />
                  <Show when={value().reason}>
                    {(reason) => (
                      <Facts
                        of={[
                          {
                            name: words.reason,
                            value: (
                              <span dir="auto" class="request-reason">
                                {reason()}
                              </span>
                            ),
                          },
                        ]}
                      />
                    )}
                  </Show>
                </div>
              </Panel>
              <Show when={value().checklist.length > 0 && isAwaited(value())}>
                <Panel title={words.checklistThen}>
                  <div class="panel-body">
                    <Steps of={value().checklist} />
                  </div>
                </Panel>
              </Show>
              <Panel title={shared.history}>
                <div class="panel-body">
                  <History of={value().events} nameOf={nameOf} provider={staff.boot.msp?.name ?? ''} />
                </div>
              </Panel>
            </div>
            <About request={value()} />
          </div>
        </>
      )}
    </Loaded>
  )
}

const nameOf = ({ by }: RequestEvent): string => by.name

function About(props: { request: StaffRequest }): JSX.Element {
  const facts = words.facts
  return (
    <aside class="ticket-side">
      <Panel title={facts.title}>
        <div class="panel-body">
          <Facts
            of={[
              {
                name: facts.customer,
                value: <A href={`/customers/${props.request.customer.id}`}>{props.request.customer.name}</A>,
              },
              ...(props.request.tenant ? [{ name: facts.tenant, value: props.request.tenant.name }] : []),
              {
                name: facts.firstOn,
                value: props.request.firstOn === null ? facts.soon : calendarDay(props.request.firstOn),
              },
              ...(props.request.awaiting
                ? [
                    { name: facts.waitsFor, value: words.waitsFor(props.request.awaiting.names) },
                    ...(props.request.awaiting.since
                      ? [{ name: facts.since, value: <Time at={props.request.awaiting.since} /> }]
                      : []),
                    ...(props.request.awaiting.until
                      ? [{ name: facts.expires, value: words.day(props.request.awaiting.until) }]
                      : []),
                  ]
                : []),
              ...(props.request.customerApproval
                ? [
                    {
                      name: facts.customerApproval,
                      value: words.approvedAt(props.request.customerApproval.name, props.request.customerApproval.at),
                    },
                  ]
                : []),
              ...(props.request.decidedBy
                ? [
                    {
                      name: facts.decision,
                      value:
                        props.request.state === 'declined'
                          ? words.declinedBy(props.request.decidedBy.name, props.request.decidedBy.at)
                          : words.approvedBy(props.request.decidedBy.name, props.request.decidedBy.at),
                    },
                  ]
                : []),
              ...(props.request.ticket
                ? [
                    {
                      name: facts.ticket,
                      value: (
                        <A href={`/tickets/${props.request.ticket.id}`}>{words.ticket(props.request.ticket.number)}</A>
                      ),
                    },
                  ]
                : []),
            ]}
          />
        </div>
      </Panel>
    </aside>
  )
}

function Decision(props: {
  request: StaffRequest
  onApprove: (reason: string) => Promise<void>
  onDecline: (reason: string) => Promise<void>
}): JSX.Element {
  return (
    <Panel title={words.decide}>
      <DecisionForm
        request={props.request}
        words={words}
        class="panel-body stack"
        onApprove={props.onApprove}
        onDecline={props.onDecline}
      />
    </Panel>
  )
}

/** What is to be done, ticked off as it is; done closes the ticket, too. */
function Checklist(props: {
  request: StaffRequest
  mayWrite: boolean
  onStep: (stepId: string, isDone: boolean) => Promise<void>
  onComplete: (leaveOpen: boolean) => Promise<void>
}): JSX.Element {
  const [asking, setAsking] = createSignal(false)
  const [busy, setBusy] = createSignal(false)
  const openCount = () => words.openSteps(props.request)
  const isUnderWay = () => props.request.state === 'approved' || props.request.state === 'in_progress'
  // One after the other, so that what is answered last is what holds; and what is left is only asked once all are answered.
  let ticking: Promise<void> = Promise.resolve()
  const [ticked, setTicked] = createSignal<Record<string, boolean | undefined>>({})
  const tick = (stepId: string, isDone: boolean) => {
    // As it was ticked until it is answered: the answer to another step does not take it back.
    setTicked((before) => ({ ...before, [stepId]: isDone }))
    ticking = ticking
      .then(() => props.onStep(stepId, isDone))
      .then(() => void setTicked((before) => ({ ...before, [stepId]: undefined })))
  }
  const complete = async (leaveOpen: boolean) => {
    setBusy(true)
    await ticking
    if (leaveOpen || openCount() === 0) {
      await props.onComplete(leaveOpen)
      setAsking(false)
    } else setAsking(true)
    setBusy(false)
  }
  return (
    <Panel title={`${words.checklist} · ${shared.steps(props.request.steps)}`}>
      <div class="panel-body stack">
        <ol class="stack tight">
          <For each={props.request.checklist.map(({ id }) => id)}>
            {(id) => {
              const step = () => props.request.checklist.find((each) => each.id === id)
              return (
                <li>
                  <Show
                    when={props.mayWrite && isUnderWay()}
                    fallback={
                      <>
                        <bdi>{step()?.title}</bdi>{' '}
                        <Show when={step()?.done}>
                          {(done) => <span class="quiet small">{shared.stepDone(done().by, done().at)}</span>}
                        </Show>
                      </>
                    }
                  >
                    <Checkbox
                      label={
                        <>
                          <bdi>{step()?.title}</bdi>
                          <Show when={step()?.done}>
                            {(done) => <span class="quiet small"> {shared.stepDone(done().by, done().at)}</span>}
                          </Show>
                        </>
                      }
                      checked={ticked()[id] ?? step()?.done !== null}
                      onChange={(isDone) => tick(id, isDone)}
                    />
                  </Show>
                </li>
              )
            }}
          </For>
        </ol>
        <Show when={props.mayWrite && isUnderWay()}>
          <div class="row wrap">
            <Button
              look={openCount() === 0 ? 'primary' : 'outlined'}
              busy={busy() && !asking()}
              busyLabel={words.completing}
              onClick={() => void complete(false)}
            >
              {words.complete}
            </Button>
            <span class="quiet small">{words.completeHelp}</span>
          </div>
        </Show>
      </div>
      <Confirm
        open={asking()}
        title={words.leaveTitle(openCount())}
        verb={words.leaveVerb}
        busy={busy()}
        onConfirm={() => void complete(true)}
        onClose={() => setAsking(false)}
      >
        <p>{words.leaveText}</p>
      </Confirm>
    </Panel>
  )
}

function Waiting(): JSX.Element {
  return (
    <Skeleton what={words.loading}>
      <div class="head top">
        <Bone shape="half tall" />
      </div>
      <div class="ticket-columns">
        <div class="panel panel-body stack">
          <Bone shape="short" />
          <Bone shape="long" />
          <Bone />
        </div>
        <div class="panel panel-body stack">
          <Bone shape="half" />
          <Bone />
        </div>
      </div>
    </Skeleton>
  )
}
