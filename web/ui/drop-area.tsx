import { createSignal, onCleanup, onMount, Show, type JSX } from 'solid-js'
import { Icon, type Shape } from './icon.tsx'
import './drop-area.css'

/** A file that was let go over the page, or a folder, which is none. */
export type Dropped = { file: File; isFolder: boolean }

/**
 * While it stands on the page, files may be dropped anywhere on the page. Nothing but a sign that says so is shown, and
 * only while something is held over it; whoever cannot drag has a button elsewhere.
 */
export function DropArea(props: {
  title: string
  text: string
  icon: Shape
  onDrop: (dropped: Dropped[]) => void
}): JSX.Element {
  const [over, setOver] = createSignal(false)
  // Entering a child comes before leaving its parent, so both are counted.
  let depth = 0
  const holdsFiles = (event: DragEvent) => event.dataTransfer?.types.includes('Files') === true
  const enter = (event: DragEvent) => {
    if (!holdsFiles(event)) return
    event.preventDefault()
    depth += 1
    setOver(true)
  }
  const leave = (event: DragEvent) => {
    if (!holdsFiles(event)) return
    depth = Math.max(0, depth - 1)
    setOver(depth > 0)
  }
  const move = (event: DragEvent) => {
    if (!holdsFiles(event)) return
    event.preventDefault()
    if (event.dataTransfer) event.dataTransfer.dropEffect = 'copy'
  }
  const drop = (event: DragEvent) => {
    if (!holdsFiles(event)) return
    event.preventDefault()
    depth = 0
    setOver(false)
    const items = [...(event.dataTransfer?.items ?? [])].filter(({ kind }) => kind === 'file')
    props.onDrop(
      items.flatMap((item) => {
        const file = item.getAsFile()
        return file === null ? [] : [{ file, isFolder: item.webkitGetAsEntry()?.isDirectory === true }]
      }),
    )
  }
  const listeners = [
    ['dragenter', enter],
    ['dragleave', leave],
    ['dragover', move],
    ['drop', drop],
  ] as const
  onMount(() => {
    for (const [name, act] of listeners) addEventListener(name, act)
  })
  onCleanup(() => {
    for (const [name, act] of listeners) removeEventListener(name, act)
  })
  return (
    <Show when={over()}>
      <div class="drop-sign">
        <div>
          <Icon of={props.icon} />
          <b>{props.title}</b>
          <p class="quiet small">{props.text}</p>
        </div>
      </div>
    </Show>
  )
}
