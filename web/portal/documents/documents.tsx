import { createResource, For, Show, type JSX } from 'solid-js'
import type { PortalBoot } from '../../boot.ts'
import { Button, ButtonLink } from '../../ui/button.tsx'
import { download, file, Icon, out, picture } from '../../ui/icon.tsx'
import { createLaterPages } from '../../ui/later-pages.ts'
import { Bone, Empty, Loaded, Skeleton } from '../../ui/states.tsx'
import { words } from '../../words/portal-documents.ts'
import { contentUrl, listShared, viewUrl, type SharedDocument } from './documents.data.ts'
import '../../ui/acting-list.css'
import './documents.css'

/** What is shared with this company, to open or to keep. */
export default function Documents(props: { boot: PortalBoot }): JSX.Element {
  const [page, { refetch }] = createResource(
    () => props.boot.customerId,
    (customerId) => listShared(customerId),
  )
  const later = createLaterPages(
    () => props.boot.customerId,
    (cursor) => listShared(props.boot.customerId, cursor),
  )
  return (
    <>
      <div class="greet">
        <h1>{words.title}</h1>
        <p class="quiet">{words.lead(props.boot.help.name)}</p>
      </div>
      <Loaded of={page} waiting={<Waiting />} failedTitle={words.failed} retry={() => void refetch()}>
        {(first) => (
          <>
            <div class="card">
              <Show
                when={first().items.length > 0}
                fallback={
                  <Empty icon={file} title={words.emptyTitle}>
                    {words.emptyText(props.boot.help.name)}
                  </Empty>
                }
              >
                <ul class="acting-list">
                  <For each={later.rows(first())}>
                    {(document) => <One document={document} customerId={props.boot.customerId} />}
                  </For>
                </ul>
              </Show>
            </div>
            <Show when={later.cursor(first())}>
              {(cursor) => (
                <p class="documents-more">
                  <Button busy={later.busy()} onClick={() => void later.more(cursor())}>
                    {words.more}
                  </Button>
                </p>
              )}
            </Show>
          </>
        )}
      </Loaded>
    </>
  )
}

function One(props: { document: SharedDocument; customerId: string }): JSX.Element {
  const isPicture = () => props.document.mediaType.startsWith('image/')
  return (
    <li>
      <Icon of={isPicture() ? picture : file} />
      <div>
        <p class="acting-name" dir="auto">
          {props.document.name}
        </p>
        <p class="quiet small">
          {words.about(props.document.category, props.document.byteCount, props.document.addedAt)}
        </p>
      </div>
      <div class="acting-acts">
        <Show when={props.document.canBeViewed}>
          <ButtonLink look="outlined" icon={out} href={viewUrl(props.customerId, props.document.id)} newTab>
            {words.open}
            <span class="sr">
              {words.of(props.document.name)}, {words.newTab}
            </span>
          </ButtonLink>
        </Show>
        <ButtonLink look="outlined" icon={download} href={contentUrl(props.customerId, props.document.id)} download>
          {words.download}
          <span class="sr">{words.of(props.document.name)}</span>
        </ButtonLink>
      </div>
    </li>
  )
}

function Waiting(): JSX.Element {
  return (
    <Skeleton what={words.loading}>
      <div class="card">
        <div class="card-body">
          <Bone shape="long" />
          <Bone shape="half" />
          <Bone shape="long" />
          <Bone shape="half" />
        </div>
      </div>
    </Skeleton>
  )
}
