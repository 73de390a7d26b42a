import type { JSX } from 'solid-js'
import { api, body } from '../../api/client.ts'
import type { PortalBoot, PortalPerson } from '../../boot.ts'
import { Changes } from '../../changes/changes.tsx'
import { changes as words } from '../../words/changes.ts'
import { Unreadable } from '../unreadable.tsx'

/** What happened to the company's people. */
export default function ChangesPage(props: { boot: PortalBoot; person: PortalPerson }): JSX.Element {
  return (
    <>
      <div class="greet">
        <h1>{words.title}</h1>
        <p class="quiet">
          {props.person.canSee.includes('portal.licence_holders') ? words.leadWithLicences : words.lead}
        </p>
      </div>
      <Changes
        from={async (query) =>
          body(
            await api.GET('/api/portal/customers/{id}/changes', {
              params: { path: { id: props.boot.customerId }, query },
            }),
          )
        }
        notices={(tenants) => <Unreadable tenants={tenants} provider={props.boot.help.name} />}
      />
    </>
  )
}
