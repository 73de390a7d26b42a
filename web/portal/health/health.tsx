import type { JSX } from 'solid-js'
import type { PortalBoot, PortalPerson } from '../../boot.ts'
import { Health } from '../../health/health.tsx'
import { health as words } from '../../words/health.ts'
import { Unreadable } from '../unreadable.tsx'
import { sourceOf } from './health.data.ts'

/** The security of the company, for who may see it, and how Microsoft's services do. */
export default function HealthPage(props: { boot: PortalBoot; person: PortalPerson }): JSX.Element {
  const seesSecurity = () => props.person.canSee.includes('portal.security')
  return (
    <>
      <div class="greet">
        <h1>{seesSecurity() ? words.title : words.titleOfServices}</h1>
        <p class="quiet">{seesSecurity() ? words.lead : words.leadOfServices}</p>
      </div>
      <Health
        from={sourceOf(props.boot.customerId, seesSecurity())}
        scoreLine={words.scoreLineOfPortal}
        notices={(tenants) => <Unreadable tenants={tenants} provider={props.boot.help.name} />}
      />
    </>
  )
}
