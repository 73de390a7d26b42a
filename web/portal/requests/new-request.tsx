import { A, useParams } from '@solidjs/router'
import { createResource, createSignal, For, Show, type JSX } from 'solid-js'
import type { RequestForm } from '../../api/shapes.ts'
import type { PortalBoot, PortalPerson } from '../../boot.ts'
import { forgetDraft, type DraftPlace } from '../../tickets/draft.ts'
import { ButtonLink } from '../../ui/button.tsx'
import { Icon, left, list as listShape } from '../../ui/icon.tsx'
import { Bone, Empty, Loaded, Skeleton } from '../../ui/states.tsx'
import { words } from '../../words/portal-requests.ts'
import { readForms } from './requests.data.ts'
import { FilledForm } from './filled-form.tsx'
import '../tickets/tickets.css'
import './new-request.css'

/** What can be asked for, and the form of what was chosen. */
export default function NewRequest(props: { boot: PortalBoot; person: PortalPerson }): JSX.Element {
  const params = useParams<{ type?: string }>()
  const [forms, { refetch }] = createResource(
    () => props.boot.customerId,
    (customerId) => readForms(customerId),
  )
  const [turn, setTurn] = createSignal(1)
  return (
    <>
      <A class="ticket-back" href={params.type === undefined ? '/requests' : '/requests/new'}>
        <Icon of={left} />
        {params.type === undefined ? words.all : words.chooseTitle}
      </A>
      <Loaded of={forms} waiting={<Waiting />} failedTitle={words.formsFailed} retry={() => void refetch()}>
        {(value) => (
          <Show when={params.type} fallback={<Chooser forms={value().items} boot={props.boot} person={props.person} />}>
            {(type) => {
              const place = (): DraftPlace => ({ person: props.person.id, purpose: `request ${type()}` })
              return (
                <Show
                  when={value().items.find((form) => form.type === type())}
                  keyed
                  fallback={<NoForm boot={props.boot} person={props.person} />}
                >
                  {(form) => (
                    <Show when={turn()} keyed>
                      <div class="greet request-greet">
                        <h1>{form.title}</h1>
                        <p class="quiet">{form.intro}</p>
                      </div>
                      <FilledForm
                        boot={props.boot}
                        form={form}
                        place={place()}
                        onAfresh={() => {
                          forgetDraft(place())
                          setTurn(turn() + 1)
                        }}
                      />
                    </Show>
                  )}
                </Show>
              )
            }}
          </Show>
        )}
      </Loaded>
    </>
  )
}

function Chooser(props: { forms: RequestForm[]; boot: PortalBoot; person: PortalPerson }): JSX.Element {
  return (
    <Show when={props.forms.length > 0} fallback={<NoForm boot={props.boot} person={props.person} />}>
      <div class="greet request-greet">
        <h1>{words.chooseTitle}</h1>
        <p class="quiet">{words.chooseLead(props.boot.help.name, props.boot.help.phone)}</p>
      </div>
      <ul class="request-kinds">
        <For each={props.forms}>
          {(form) => (
            <li class="card">
              <A href={`/requests/new/${form.type}`}>{form.title}</A>
              <p>{form.intro}</p>
              <p class="quiet small">{words.checkedBy(form.check, props.boot.help.name)}</p>
            </li>
          )}
        </For>
        <Show when={props.person.canSee.includes('portal.raise_tickets')}>
          <li class="card">
            <A href="/tickets/new">{words.elsewhere}</A>
            <p>{words.elsewhereText}</p>
          </li>
        </Show>
      </ul>
    </Show>
  )
}

function NoForm(props: { boot: PortalBoot; person: PortalPerson }): JSX.Element {
  return (
    <div class="card">
      <Empty
        alone
        icon={listShape}
        title={words.noFormsTitle}
        act={
          <Show when={props.person.canSee.includes('portal.raise_tickets')}>
            <ButtonLink href="/tickets/new">{words.writeTicket}</ButtonLink>
          </Show>
        }
      >
        {words.noFormsText(props.boot.help.name)}
      </Empty>
    </div>
  )
}

function Waiting(): JSX.Element {
  return (
    <Skeleton what={words.formsLoading}>
      <div class="greet request-greet">
        <Bone shape="half tall" />
        <Bone shape="short" />
      </div>
      <div class="request-kinds">
        <For each={[1, 2, 3, 4, 5]}>
          {() => (
            <div class="card">
              <Bone shape="short" />
              <Bone />
            </div>
          )}
        </For>
      </div>
    </Skeleton>
  )
}
