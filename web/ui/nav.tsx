import { A, useLocation } from '@solidjs/router'
import { createEffect, createMemo, For, Index, on, Show, type JSX } from 'solid-js'
import { number } from '../words/format.ts'
import { check, Icon, right } from './icon.tsx'
import { isWithin } from './within.ts'
import './badge.css'
import './nav.css'
import './states.css'

/** Views of one thing, each with its own address. */
export function Tabs(props: { label: string; items: { href: string; label: string; count?: number }[] }): JSX.Element {
  const location = useLocation()
  let tabs: HTMLElement | undefined
  // Where they do not all fit, the one that is open is among those in sight.
  createEffect(
    on(
      () => location.pathname,
      () =>
        queueMicrotask(() => {
          const open = tabs?.querySelector<HTMLElement>('[aria-current=page]')
          if (tabs && open) tabs.scrollLeft = open.offsetLeft - (tabs.clientWidth - open.offsetWidth) / 2
        }),
    ),
  )
  return (
    <nav class="tabs" aria-label={props.label} ref={tabs}>
      {/* By their places: a count that changes while somebody goes to another tab leaves the links that are there. One made
          anew in between would go on saying that the page is the one that is left. */}
      <Index each={props.items}>
        {(item, index) => {
          const href = createMemo(() => item().href)
          // The first stands for all of it, so that what is below the others is not below it.
          const isOpen = () => (index === 0 ? location.pathname === href() : isWithin(location.pathname, href()))
          return (
            <a href={href()} aria-current={isOpen() ? 'page' : undefined}>
              {item().label}
              <Show when={item().count}>{(count) => <span class="pill">{number(count())}</span>}</Show>
            </a>
          )
        }}
      </Index>
    </nav>
  )
}

/** A few of the same kind, of which one is open, each with its own address. */
export function SegmentLinks(props: { label: string; items: { href: string; label: string }[] }): JSX.Element {
  return (
    <nav class="segments" aria-label={props.label}>
      <For each={props.items}>{(item) => <A href={item.href}>{item.label}</A>}</For>
    </nav>
  )
}

/** A filter that is on or off. */
export function Chip(props: { on: boolean; children: JSX.Element; onToggle: () => void }): JSX.Element {
  return (
    <button type="button" class="chip" aria-pressed={props.on} onClick={() => props.onToggle()}>
      <Show when={props.on}>
        <Icon of={check} />
      </Show>
      {props.children}
    </button>
  )
}

/** The way from the top to here. */
export function Crumbs(props: { label: string; path: { href: string; label: string }[]; here: string }): JSX.Element {
  return (
    <nav class="crumbs" aria-label={props.label}>
      <ol>
        <For each={props.path}>
          {(step) => (
            <li>
              <A href={step.href}>{step.label}</A>
              <Icon of={right} />
            </li>
          )}
        </For>
        <li>
          <span aria-current="page">{props.here}</span>
        </li>
      </ol>
    </nav>
  )
}
