import { useLocation } from '@solidjs/router'
import {
  createEffect,
  createSignal,
  createUniqueId,
  lazy,
  on,
  onCleanup,
  onMount,
  Show,
  Suspense,
  type JSX,
} from 'solid-js'
import type { BellItem } from '../api/shapes.ts'
import type { Unread } from '../boot.ts'
import { bell as shape, Icon } from '../ui/icon.tsx'
import { keepPlaced } from '../ui/place.ts'
import { bell as words } from '../words/bell.ts'
import { ring } from './rung.ts'
import './bell.css'

// Read when somebody opens it for the first time.
const News = lazy(() => import('./news.tsx'))

/** Where a bell's news come from: the portal's or the admin area's. */
export type Source = {
  count: () => Promise<Unread>
  items: () => Promise<BellItem[]>
  /** Notes that a ticket, or with null all of them, was read. */
  read: (ticketId: string | null) => Promise<void>
}

const EVERY_MS = 60_000
/** Whoever comes back to the page is told at once, but not at each of many short visits elsewhere. */
const AGAIN_MS = 10_000

/**
 * How many tickets hold something new, and a list that leads to them. What the page came with is asked again once a minute
 * while somebody can see the page, and when they come back to it. A ticket that is looked at is read.
 */
export function Bell(props: {
  of: Source
  unread: Unread
  /** Staff look at the page in somebody's place: nothing is noted as read. */
  onlyLooking?: boolean
}): JSX.Element {
  const here = useLocation()
  const id = createUniqueId()
  const [unread, setUnread] = createSignal(props.unread)
  const [open, setOpen] = createSignal(false)
  const [wasOpened, setWasOpened] = createSignal(false)
  const [rang, setRang] = createSignal('')
  let button: HTMLButtonElement | undefined
  let box: HTMLDivElement | undefined
  let release: (() => void) | undefined
  let askedAt = Date.now()

  const ticketHere = () => /^\/tickets\/([0-9a-z]{30,})$/.exec(here.pathname)?.[1]
  const isSeen = () => document.visibilityState === 'visible'
  const told = (now: Unread) => {
    const isMore = now.count > unread().count
    setUnread(now)
    if (isMore) {
      setRang(words.label(now))
      ring()
    }
    return isMore
  }
  // A bell that cannot be asked is silent; it is asked again in a minute.
  const quietly = (work: () => Promise<void>) => void work().catch(() => undefined)
  const ask = () =>
    quietly(async () => {
      askedAt = Date.now()
      if (told(await props.of.count())) await readHere()
    })
  const readHere = async () => {
    const ticketId = ticketHere()
    if (ticketId === undefined || props.onlyLooking === true || unread().count === 0 || !isSeen()) return
    await props.of.read(ticketId)
    told(await props.of.count())
  }
  createEffect(on(ticketHere, () => quietly(readHere)))
  onMount(() => {
    const timer = setInterval(() => isSeen() && ask(), EVERY_MS)
    const cameBack = () => isSeen() && Date.now() - askedAt > AGAIN_MS && ask()
    document.addEventListener('visibilitychange', cameBack)
    addEventListener('focus', cameBack)
    onCleanup(() => {
      clearInterval(timer)
      document.removeEventListener('visibilitychange', cameBack)
      removeEventListener('focus', cameBack)
      release?.()
    })
  })

  const toggled = (event: ToggleEvent) => {
    const isOpen = event.newState === 'open'
    setOpen(isOpen)
    if (isOpen) setWasOpened(true)
    release?.()
    release = isOpen && button && box ? keepPlaced(button, box, 'end') : undefined
  }
  const close = () => {
    box?.hidePopover()
    button?.focus()
  }
  return (
    <>
      <button
        type="button"
        class="bell"
        ref={button}
        popoverTarget={id}
        aria-expanded={open()}
        aria-controls={id}
        aria-label={words.label(unread())}
        title={words.title}
      >
        <Icon of={shape} />
        <Show when={unread().count > 0}>
          <span class="bell-count" aria-hidden="true">
            {words.count(unread())}
          </span>
        </Show>
      </button>
      <span class="sr" role="status">
        {rang()}
      </span>
      <div
        class="floating bell-box"
        id={id}
        popover="auto"
        role="dialog"
        aria-label={words.title}
        ref={box}
        on:toggle={toggled}
      >
        <Show when={wasOpened()}>
          <Suspense fallback={<p class="bell-note quiet">{words.loading}</p>}>
            <News
              of={props.of}
              isOpen={open()}
              unread={unread()}
              {...(props.onlyLooking === undefined ? {} : { onlyLooking: props.onlyLooking })}
              onRead={() => ask()}
              onGo={close}
            />
          </Suspense>
        </Show>
      </div>
    </>
  )
}
