import { useLocation } from '@solidjs/router'
import { For, Show, type JSX } from 'solid-js'
import { common } from '../words/common.ts'
import { Icon, more, type Shape } from './icon.tsx'
import { Menu } from './menu.tsx'
import { isWithin } from './within.ts'
import './dock.css'

export type DockPage = { href: string; label: string; icon: Shape; onGo?: () => void }

/** As many as a thumb reaches without aiming; where there are more, the last place leads to the others. */
const placeCount = 5

/** How a link to a page says that one is there. A page below another is marked by that one, which it is not. */
export const here = (at: string, { href }: DockPage): 'page' | 'true' | undefined => {
  const pathname = at.replace(/(?<=.)\/$/, '')
  if (pathname === href) return 'page'
  return href !== '/' && isWithin(pathname, href) ? 'true' : undefined
}

/** A phone's bar at the bottom: where one can go. Elsewhere it is not there. */
export function Dock(props: { pages: readonly DockPage[] }): JSX.Element {
  const location = useLocation()
  const fitsAll = () => props.pages.length <= placeCount
  const first = () => (fitsAll() ? props.pages : props.pages.slice(0, placeCount - 1))
  return (
    <nav class="dock" aria-label={common.main}>
      <For each={first()}>
        {(page) => (
          <a href={page.href} aria-current={here(location.pathname, page)} onClick={() => page.onGo?.()}>
            <Icon of={page.icon} />
            {page.label}
          </a>
        )}
      </For>
      <Show when={!fitsAll()}>
        <MorePages pages={props.pages.slice(placeCount - 1)} icon={more} />
      </Show>
    </nav>
  )
}

/** The pages that there is no room for, behind a button that is marked when one of them is open. */
export function MorePages(props: { pages: readonly DockPage[]; icon: Shape; iconLast?: boolean }): JSX.Element {
  const location = useLocation()
  const isHere = (page: DockPage) => isWithin(location.pathname, page.href)
  return (
    <Menu
      buttonClass={`more-pages ${props.pages.some(isHere) ? 'holds-here' : ''}`}
      button={
        <Show
          when={props.iconLast}
          fallback={
            <>
              <Icon of={props.icon} />
              {common.morePages}
            </>
          }
        >
          {common.morePages}
          <Icon of={props.icon} />
        </Show>
      }
      side="end"
      groups={[
        props.pages.map((page) => ({
          label: page.label,
          icon: page.icon,
          href: page.href,
          ...(isHere(page) && { current: true }),
        })),
      ]}
    />
  )
}
