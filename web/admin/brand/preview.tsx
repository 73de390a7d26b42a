import { createEffect, Match, Show, Switch, type JSX } from 'solid-js'
import type { SignInPolicy } from '../../api/shapes.ts'
import { Avatar, Badge } from '../../ui/badge.tsx'
import { UtilisationBar } from '../../ui/bars.tsx'
import { Button } from '../../ui/button.tsx'
import { Card } from '../../ui/card.tsx'
import { Field, TextInput } from '../../ui/field.tsx'
import { Between, MicrosoftButton } from '../../session/microsoft.tsx'
import { admin } from '../../words/admin.ts'
import { common } from '../../words/common.ts'
import { microsoft } from '../../words/microsoft.ts'
import { portal } from '../../words/portal.ts'
import './brand.css'

const words = admin.portal

export const samplePages = ['signIn', 'home', 'mail'] as const
export type SamplePage = (typeof samplePages)[number]

type Sample = { name: string; logoUrl: string | null; host: string; policy: SignInPolicy }

/** A page of the portal in small: the kit's own pieces in the colours as they would be. Nothing in it can be used. */
export function Preview(
  props: Sample & { palette: Record<string, string> | undefined; theme: 'light' | 'dark'; page: SamplePage },
): JSX.Element {
  let frame: HTMLDivElement | undefined
  // The colours are data; they reach the page through CSSOM, which the CSP allows.
  createEffect(() => {
    for (const [role, value] of Object.entries(props.palette ?? {})) frame?.style.setProperty(`--${role}`, value)
  })
  return (
    <div class="preview roomy" data-theme={props.theme} ref={frame} inert aria-hidden="true">
      <div class="preview-bar">{props.page === 'mail' ? words.sample.mailFrom(props.name) : props.host}</div>
      <Switch>
        <Match when={props.page === 'signIn'}>
          <SignInSample {...props} />
        </Match>
        <Match when={props.page === 'home'}>
          <HomeSample {...props} />
        </Match>
        <Match when={props.page === 'mail'}>
          <MailSample {...props} />
        </Match>
      </Switch>
    </div>
  )
}

function Sign(props: Sample): JSX.Element {
  return (
    <span class="preview-sign">
      <Show when={props.logoUrl} fallback={props.name}>
        {(url) => <img src={url()} alt="" />}
      </Show>
    </span>
  )
}

function SignInSample(props: Sample): JSX.Element {
  return (
    <div class="preview-entry">
      <div class="preview-form">
        <Sign {...props} />
        <p class="preview-title">
          {words.sample.signIn} {props.name}
        </p>
        <MicrosoftButton onClick={nothing} />
        <Show when={props.policy !== 'microsoft_only'}>
          <Between>{microsoft.orPassword}</Between>
          <Field label={common.email}>
            <TextInput value="" onInput={nothing} />
          </Field>
          <Field label={common.password}>
            <TextInput value="" onInput={nothing} />
          </Field>
          <Button look="primary" wide>
            {common.signIn}
          </Button>
        </Show>
      </div>
      <div class="preview-panel">
        <b>{portal.helpWithSignIn}</b>
        <p>
          {portal.firstTime} {portal.firstTimeText[props.policy]}
        </p>
        <p>{words.sample.help}</p>
      </div>
    </div>
  )
}

function HomeSample(props: Sample): JSX.Element {
  return (
    <>
      <div class="preview-top">
        <Sign {...props} />
        <span class="preview-tab">{words.sample.home}</span>
        <span class="push">
          <Avatar name={words.sample.person} />
        </span>
      </div>
      <div class="preview-home">
        <p class="preview-title">
          <span>{words.sample.hello}</span> {words.sample.answer}
        </p>
        <Card
          topic={words.sample.licences}
          answer={words.sample.licencesAnswer}
          links={<span class="preview-link">{words.sample.link}</span>}
        >
          <UtilisationBar name={words.sample.seats} used={34} of={40} idle={3} label="" note="" />
          <UtilisationBar name={words.sample.otherSeats} used={12} of={10} label="" note={words.sample.over} />
        </Card>
        <Card topic={words.sample.services} answer={words.sample.servicesAnswer}>
          <span>
            <Badge mood="good">{words.sample.works}</Badge>
          </span>
        </Card>
      </div>
    </>
  )
}

function MailSample(props: Sample): JSX.Element {
  return (
    <div class="preview-ground">
      <div class="preview-mail">
        <b>{props.name}</b>
        <p class="preview-title">{words.sample.mailHello}</p>
        <p>{words.sample.mailText(props.name)}</p>
        <p>
          <Button look="primary">{words.sample.mailAction}</Button>
        </p>
        <p class="preview-end">{words.sample.mailEnd}</p>
      </div>
    </div>
  )
}

const nothing = () => undefined
