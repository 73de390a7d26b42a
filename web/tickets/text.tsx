import { For, type JSX } from 'solid-js'
import './tickets.css'

/** What somebody wrote, as they wrote it: line by line, nothing in it runs; addresses of the web can be gone to. */
export function PlainText(props: { of: string }): JSX.Element {
  return (
    <p class="plain-text" dir="auto">
      <For each={partsOf(props.of)}>
        {(part) =>
          part.isLink ? (
            <a href={part.text} target="_blank" rel="noopener noreferrer nofollow">
              {part.text}
            </a>
          ) : (
            part.text
          )
        }
      </For>
    </p>
  )
}

/** Where an address ends, a full stop or a bracket after it is the sentence's. */
function partsOf(text: string): { text: string; isLink: boolean }[] {
  return text
    .split(/(https?:\/\/[^\s<>"]*[^\s<>".,;:!?)\]}'’”])/i)
    .map((part, index) => ({ text: part, isLink: index % 2 === 1 }))
    .filter((part) => part.text !== '')
}
