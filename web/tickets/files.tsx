import { For, Show, type JSX } from 'solid-js'
import { download, file as fileShape, Icon, picture } from '../ui/icon.tsx'
import { tickets as words } from '../words/tickets.ts'
import type { TicketFile } from '../api/shapes.ts'
import './tickets.css'

/** Where a file that was sent is opened, and where it is saved from. */
export type FileUrls = (fileId: string) => { view: string; content: string }

/** A larger picture is read when it is opened: ten photos of a phone are more than a page should cost. */
const pictureBytesMax = 4 * 1024 * 1024

/** Files that were sent: pictures small, all of them to open or to save. None is ever run. */
export function FileList(props: { files: readonly TicketFile[]; urls: FileUrls }): JSX.Element {
  return (
    <Show when={props.files.length > 0}>
      <ul class="files" aria-label={words.files}>
        <For each={props.files}>
          {(file) => {
            const urls = () => props.urls(file.id)
            const isPicture =
              file.canBeViewed && file.mediaType.startsWith('image/') && file.byteCount <= pictureBytesMax
            return (
              <li class="file">
                <Show
                  when={file.canBeViewed}
                  fallback={
                    <a class="file-open" href={urls().content} download="">
                      <FileFace file={file} />
                      <span class="sr">, {words.isSaved}</span>
                    </a>
                  }
                >
                  <a class="file-open" href={urls().view} target="_blank" rel="noopener">
                    <FileFace file={file} picture={isPicture ? urls().view : undefined} />
                    <span class="sr">, {words.inNewTab}</span>
                  </a>
                  <a
                    class="icon-button"
                    href={urls().content}
                    download=""
                    aria-label={words.downloadFile(file.name)}
                    title={words.downloadFile(file.name)}
                  >
                    <Icon of={download} />
                  </a>
                </Show>
              </li>
            )
          }}
        </For>
      </ul>
    </Show>
  )
}

/** A file's picture or kind, its name with the ending always in sight, and its size. */
export function FileFace(props: { file: TicketFile; picture?: string | undefined }): JSX.Element {
  const parts = () => /^(.+)(\.[^.]{1,10})$/s.exec(props.file.name)
  return (
    <>
      <Show
        when={props.picture}
        fallback={<Icon of={props.file.mediaType.startsWith('image/') ? picture : fileShape} />}
      >
        {(url) => (
          <img class="file-picture" src={url()} alt="" loading="lazy" decoding="async" width="40" height="40" />
        )}
      </Show>
      <span class="file-name" title={props.file.name}>
        <bdi class="file-stem">{parts()?.[1] ?? props.file.name}</bdi>
        <Show when={parts()}>{(found) => <bdi>{found()[2]}</bdi>}</Show>
      </span>
      <span class="file-size">{words.size(props.file.byteCount)}</span>
    </>
  )
}
