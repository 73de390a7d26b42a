import { Show, type JSX } from 'solid-js'
import type { Help } from '../boot.ts'
import { portal } from '../words/portal.ts'

export function PhoneLink(props: { number: string }): JSX.Element {
  return (
    <a class="nowrap" href={`tel:${props.number.replace(/[^+\d]/g, '')}`}>
      {props.number}
    </a>
  )
}

/** How to reach the people who help, on every page. */
export function HelpFooter(props: { help: Help }): JSX.Element {
  return (
    <footer class="foot">
      <div class="foot-in">
        <span class="foot-lead">{portal.helpFrom(props.help.name)}</span>
        <Show when={props.help.phone}>
          {(phone) => (
            <span>
              <PhoneLink number={phone()} />
              <Show when={props.help.hours}>{(hours) => <>, {hours()}</>}</Show>
            </span>
          )}
        </Show>
        <Show when={props.help.email}>
          {(email) => (
            <span>
              <a href={`mailto:${email()}`}>{email()}</a>
            </span>
          )}
        </Show>
      </div>
    </footer>
  )
}
