import { createUniqueId, Show, type JSX } from 'solid-js'
import './card.css'

/** A card whose heading is the answer; the topic stands small above it. */
export function Card(props: {
  topic: string
  answer: JSX.Element
  children?: JSX.Element
  links?: JSX.Element
  asOf?: JSX.Element
  class?: string
}): JSX.Element {
  const id = createUniqueId()
  return (
    <section class={`card ${props.class ?? ''}`} aria-labelledby={id}>
      <div class="card-body">
        <div>
          <h2 class="card-topic" id={id}>
            {props.topic}
          </h2>
          <p class="card-answer">{props.answer}</p>
        </div>
        {props.children}
      </div>
      <Show when={props.links || props.asOf}>
        <div class="card-end">
          <span>{props.links}</span>
          {props.asOf}
        </div>
      </Show>
    </section>
  )
}

/** One number worth reading from across the room, with what it is out of. */
export function Figure(props: { value: string; of?: string }): JSX.Element {
  return (
    <p class="figure">
      {props.value}
      <Show when={props.of}>
        {' '}
        <small>{props.of}</small>
      </Show>
    </p>
  )
}
