import { useParams } from '@solidjs/router'
import { createSignal, type JSX } from 'solid-js'
import type { PortalBoot, PortalPerson } from '../../boot.ts'
import { Directory } from '../../directory/directory.tsx'
import { people } from '../../ui/icon.tsx'
import { Empty } from '../../ui/states.tsx'
import { directory as words } from '../../words/directory.ts'
import { PortalRefresh } from '../refresh.tsx'
import { Unreadable } from '../unreadable.tsx'
import { listDirectory, readEntry } from './directory.data.ts'
import './directory.css'

/** The people of the company, as far as its portal shows them. */
export default function DirectoryPage(props: { boot: PortalBoot; person: PortalPerson }): JSX.Element {
  const params = useParams<{ userId?: string }>()
  const [revision, setRevision] = createSignal(0)
  return (
    <div class="portal-directory">
      <div class="greet">
        <div class="with-refresh">
          <h1>{words.title}</h1>
          <PortalRefresh boot={props.boot} person={props.person} onDone={() => setRevision((known) => known + 1)} />
        </div>
        <p class="quiet">{words.lead}</p>
      </div>
      <Directory
        from={{
          base: '/directory',
          list: (query) => listDirectory(props.boot.customerId, query),
          read: (userId) => readEntry(props.boot.customerId, userId),
        }}
        revision={revision()}
        userId={params.userId}
        notices={(list) => <Unreadable tenants={list.tenants} provider={props.boot.help.name} />}
        unconnected={
          <Empty icon={people} title={words.noTenantTitle}>
            {words.noTenantText(props.boot.help.name)}
          </Empty>
        }
      />
    </div>
  )
}
