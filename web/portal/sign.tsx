import { Show, type JSX } from 'solid-js'
import type { PortalBoot } from '../boot.ts'
import { portal } from '../words/portal.ts'

/** The company's logo, or its name, leading to the homepage when there is one. */
export function Sign(props: { boot: PortalBoot }): JSX.Element {
  const mark = () => (
    <Show when={props.boot.logoUrl} fallback={<span>{props.boot.displayName}</span>}>
      {(url) => <img src={url()} alt={props.boot.displayName} height="36" />}
    </Show>
  )
  return (
    <Show when={props.boot.homepage} fallback={<span class="sign">{mark()}</span>}>
      {(homepage) => (
        <a class="sign" href={homepage()} rel="noopener" aria-label={portal.homepageOf(props.boot.displayName)}>
          {mark()}
        </a>
      )}
    </Show>
  )
}
