import { A, useParams } from '@solidjs/router'
import { createResource, Show, type JSX } from 'solid-js'
import { asProblem } from '../../api/problem.ts'
import type { RequestEvent } from '../../api/shapes.ts'
import { DecisionForm } from '../../requests/decision.tsx'
import { createDoing } from '../../requests/doing.ts'
import { ChangedNotice, History, Steps, Summary } from '../../requests/reading.tsx'
import { RequestStanding } from '../../requests/standing.tsx'
import { ButtonLink } from '../../ui/button.tsx'
import { Facts } from '../../ui/facts.tsx'
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
import { Checklist } from './checklist.tsx'
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
  const resource = createResource(() => readRequest(props.requestId))
  const [request, { refetch }] = resource
  useTitle(() => request.latest?.subject)
  const decide = createDoing(resource)
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
              <h1 tabindex="-1">
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
                    ? words.waitsForCustomer(value().may.decline)
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

function Waiting(): JSX.Element {
  return (
    <Skeleton what={words.oneLoading}>
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
