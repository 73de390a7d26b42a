import { A, useParams } from '@solidjs/router'
import { createResource, createSignal, Show, type JSX } from 'solid-js'
import type { Request, RequestEvent } from '../../api/shapes.ts'
import type { PortalBoot, PortalPerson } from '../../boot.ts'
import { ChangedNotice, History, Steps, Summary } from '../../requests/reading.tsx'
import { DecisionForm } from '../../requests/decision.tsx'
import { createDoing } from '../../requests/doing.ts'
import { RequestStanding } from '../../requests/standing.tsx'
import { Button, ButtonLink } from '../../ui/button.tsx'
import { createForm } from '../../ui/form.tsx'
import { FormDialog } from '../../ui/form-dialog.tsx'
import { TextAreaField } from '../../ui/form-inputs.tsx'
import { Icon, left } from '../../ui/icon.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Bone, Loaded, Skeleton } from '../../ui/states.tsx'
import { requests as shared } from '../../words/requests.ts'
import { words } from '../../words/portal-requests.ts'
import { approveRequest, declineRequest, readRequest, withdrawRequest } from './requests.data.ts'
import '../tickets/tickets.css'

/** One request: what was asked for, where it stands and with whom, and what happened to it. */
export default function RequestPage(props: { boot: PortalBoot; person: PortalPerson }): JSX.Element {
  const { boot, person } = props
  const params = useParams<{ requestId: string }>()
  const resource = createResource(
    () => params.requestId,
    (id) => readRequest(boot.customerId, id),
  )
  const [request, { refetch }] = resource
  const act = createDoing(resource)
  return (
    <>
      <A class="ticket-back" href="/requests">
        <Icon of={left} />
        {words.all}
      </A>
      <Loaded of={request} waiting={<Waiting />} failedTitle={words.oneFailed} retry={() => void refetch()}>
        {(value) => (
          <>
            <Head request={value()} person={person} provider={boot.help.name} />
            <div class="ticket-two">
              <div class="stack">
                <ChangedNotice of={value().differences} />
                <Show when={value().may.approve || value().may.decline}>
                  <Decision
                    request={value()}
                    isReadOnly={boot.preview !== null}
                    person={person}
                    onApprove={(reason) =>
                      act(
                        (now) => approveRequest(boot.customerId, now, reason),
                        () => words.approved,
                      )
                    }
                    onDecline={(reason) =>
                      act(
                        (now) => declineRequest(boot.customerId, now, reason),
                        () => words.declined,
                      )
                    }
                  />
                </Show>
                <section class="card" aria-label={shared.summary}>
                  <div class="card-body">
                    <h2 class="card-topic">{shared.summary}</h2>
                    <Summary of={value().summary} />
                    <Show when={value().reason}>
                      {(reason) => (
                        <div>
                          <h3 class="ticket-label">{words.reason}</h3>
                          <p dir="auto" class="request-reason">
                            {reason()}
                          </p>
                        </div>
                      )}
                    </Show>
                  </div>
                </section>
                <Show when={value().checklist.length > 0}>
                  <section class="card" aria-label={shared.stepsTitle}>
                    <div class="card-body">
                      <h2 class="card-topic">
                        {shared.stepsTitle} · {shared.steps(value().steps)}
                      </h2>
                      <Steps of={value().checklist} />
                    </div>
                  </section>
                </Show>
              </div>
              <aside class="ticket-side">
                <Where request={value()} provider={boot.help.name} />
                <Show when={value().may.withdraw && boot.preview === null}>
                  <Withdraw
                    onWithdraw={(reason) =>
                      act(
                        (now) => withdrawRequest(boot.customerId, now, reason),
                        () => words.withdrawn,
                      )
                    }
                  />
                </Show>
                <section>
                  <h2 class="ticket-label">{shared.history}</h2>
                  <History of={value().events} nameOf={nameOf(boot.help.name)} provider={boot.help.name} />
                </section>
              </aside>
            </div>
          </>
        )}
      </Loaded>
    </>
  )
}

const nameOf =
  (provider: string) =>
  ({ by }: RequestEvent): string =>
    by.kind === 'contact' || by.kind === 'staff' ? by.name : provider

function Head(props: { request: Request; person: PortalPerson; provider: string }): JSX.Element {
  const isMine = () => props.request.requestedBy.id === props.person.id
  const needsYou = () => props.request.may.approve
  return (
    <div class="greet ticket-head request-greet">
      <h1 tabindex="-1">
        <bdi>{props.request.subject}</bdi>
      </h1>
      <p class="row wrap small quiet">
        <RequestStanding state={props.request.state} provider={props.provider} needsYou={needsYou()} />
        <span>
          {isMine()
            ? words.askedByYou(props.request.createdAt)
            : words.askedBy(props.request.requestedBy.name, props.request.createdAt)}
          <Show when={props.request.raisedByName}>{(name) => `, ${words.writtenDownBy(name())}`}</Show>
        </span>
      </p>
    </div>
  )
}

/** Where it stands, with whom, since when. */
function Where(props: { request: Request; provider: string }): JSX.Element {
  const decision = () => props.request.decidedBy
  return (
    <section>
      <h2 class="ticket-label">{words.whereTitle}</h2>
      <div class="stack tight">
        <Show when={props.request.customerApproval}>
          {(approval) => <p>{words.customerApproved(approval().name, approval().at)}</p>}
        </Show>
        <Show when={props.request.awaiting}>
          {(awaiting) => (
            <>
              <p>
                <Show when={!props.request.may.approve} fallback={words.waitsForYou}>
                  {words.waitsFor(awaiting().names, awaiting().since)}
                </Show>
              </p>
              <Show when={awaiting().until}>{(until) => <p class="quiet">{words.until(until())}</p>}</Show>
            </>
          )}
        </Show>
        <Show when={decision()}>
          {(decided) => (
            <>
              <p>
                {props.request.state === 'declined'
                  ? words.declinedBy(decided().name, decided().at)
                  : words.approvedBy(decided().name, decided().at)}
              </p>
              <Show when={decided().reason}>{(reason) => <p dir="auto">{shared.reasonGiven(reason())}</p>}</Show>
            </>
          )}
        </Show>
        <Show when={props.request.ticket}>
          {(ticket) => (
            <>
              <p>
                <ButtonLink href={`/tickets/${ticket().id}`}>{words.withTicket(ticket().number)}</ButtonLink>
              </p>
              <p class="quiet">{words.ticketHelp}</p>
              {/* Steps name what people hold: who may not know that reads how many are done. */}
              <Show when={props.request.checklist.length === 0 && props.request.steps.total > 0}>
                <p>{shared.steps(props.request.steps)}</p>
              </Show>
            </>
          )}
        </Show>
      </div>
    </section>
  )
}

/** What a portal admin decides for the company, with a word about it. */
function Decision(props: {
  request: Request
  person: PortalPerson
  isReadOnly: boolean
  onApprove: (reason: string) => Promise<void>
  onDecline: (reason: string) => Promise<void>
}): JSX.Element {
  return (
    <section class="card asking request-decision" aria-label={words.decide}>
      <Show when={!props.isReadOnly} fallback={<Notice>{words.previewText(props.person.name)}</Notice>}>
        <DecisionForm
          request={props.request}
          words={words}
          class="card-body"
          heading={<h2 class="card-topic">{words.decide}</h2>}
          onApprove={props.onApprove}
          onDecline={props.onDecline}
        />
      </Show>
    </section>
  )
}

function Withdraw(props: { onWithdraw: (reason: string) => Promise<void> }): JSX.Element {
  const [asking, setAsking] = createSignal(false)
  const form = createForm({
    initial: { reason: '' },
    save: async ({ reason }) => {
      await props.onWithdraw(reason.trim())
      setAsking(false)
    },
  })
  return (
    <section>
      <Button onClick={() => setAsking(true)}>{words.withdraw}</Button>
      <Show when={asking()}>
        <FormDialog
          of={form}
          title={words.withdrawTitle}
          verb={words.withdrawVerb}
          busyVerb={words.withdrawing}
          onClose={() => setAsking(false)}
        >
          <p>{words.withdrawText}</p>
          <TextAreaField
            of={form.field('reason')}
            label={words.withdrawWhy}
            help={words.withdrawWhyHelp}
            rows={2}
            optional
          />
        </FormDialog>
      </Show>
    </section>
  )
}

function Waiting(): JSX.Element {
  return (
    <Skeleton what={words.oneLoading}>
      <div class="greet">
        <Bone shape="half tall" />
        <Bone shape="short" />
      </div>
      <div class="ticket-two">
        <div class="card">
          <div class="card-body">
            <Bone shape="short" />
            <Bone />
            <Bone shape="long" />
            <Bone />
          </div>
        </div>
        <div class="stack">
          <Bone shape="half" />
          <Bone />
        </div>
      </div>
    </Skeleton>
  )
}
