import { createSignal, For, Show, type JSX } from 'solid-js'
import type { NoticeInPortal } from '../../api/shapes.ts'
import { IconButton } from '../../ui/button.tsx'
import { cross } from '../../ui/icon.tsx'
import { Notice } from '../../ui/notice.tsx'
import { words } from '../../words/portal-home.ts'

/** What the MSP tells its customers. Information can be put away for as long as the browser is open; a warning stays. */
export function Notices(props: { notices: NoticeInPortal[] }): JSX.Element {
  // Mostly there are none, and what was put away is asked of another process, which a slow phone waits for.
  return (
    <Show when={props.notices.length > 0}>
      <Told notices={props.notices} />
    </Show>
  )
}

function Told(props: { notices: NoticeInPortal[] }): JSX.Element {
  const [away, setAway] = createSignal(putAway())
  const shown = () => props.notices.filter((notice) => notice.kind === 'warning' || !away().has(keyOf(notice)))
  const put = (notice: NoticeInPortal) => {
    const next = new Set([...away(), keyOf(notice)])
    sessionStorage.setItem(STORE, JSON.stringify([...next]))
    setAway(next)
  }
  return (
    <Show when={shown().length > 0}>
      <section class="told" aria-label={words.noticesTitle}>
        <For each={shown()}>
          {(notice) => (
            <Notice
              kind={notice.kind === 'warning' ? 'warn' : 'info'}
              end={
                notice.kind === 'info' ? (
                  <IconButton icon={cross} label={words.putAway(notice.title)} onClick={() => put(notice)} />
                ) : undefined
              }
            >
              <b>{notice.title}</b>
              <p class="told-text">{notice.text}</p>
              <p class="quiet small">{words.noticeUntil(notice.endsAt)}</p>
            </Notice>
          )}
        </For>
      </section>
    </Show>
  )
}

const STORE = 'notices-put-away'

/** A notice that was changed is news again. */
const keyOf = ({ id, version }: NoticeInPortal): string => `${id}/${version}`

function putAway(): ReadonlySet<string> {
  try {
    const kept: unknown = JSON.parse(sessionStorage.getItem(STORE) ?? '[]')
    return new Set(Array.isArray(kept) ? kept.map(String) : [])
  } catch {
    return new Set()
  }
}
