import { useParams } from '@solidjs/router'
import { Show, type JSX } from 'solid-js'
import type { PortalBoot } from '../../boot.ts'
import { ReportList } from '../../reports/report-list.tsx'
import { ReportSheet } from '../../reports/report-sheet.tsx'
import type { ReportKind } from '../../reports/reports.data.ts'
import { ButtonLink } from '../../ui/button.tsx'
import { left } from '../../ui/icon.tsx'
import { reports as words } from '../../words/reports.ts'
import { sourceOf } from './reports.data.ts'

const kinds = Object.keys(words.name) as ReportKind[]

/** The company's reports, or one of them as it is printed. */
export default function Reports(props: { boot: PortalBoot }): JSX.Element {
  const params = useParams<{ report?: string }>()
  const source = sourceOf(props.boot.customerId)
  const shown = kinds.filter((report) => report !== 'users' || props.boot.hasDirectory)
  const chosen = () => shown.find((report) => report === params.report)
  return (
    <Show
      when={chosen()}
      keyed
      fallback={
        <>
          <div class="greet">
            <h1>{words.title}</h1>
            <p class="quiet">{words.lead}</p>
          </div>
          <div class="card">
            <ReportList reports={shown} base="/reports" source={source} mayTake={props.boot.preview === null} />
          </div>
        </>
      }
    >
      {(report) => (
        <ReportSheet
          report={report}
          source={source}
          letterhead={{ name: props.boot.displayName, logoUrl: props.boot.logoUrl }}
          back={
            <ButtonLink look="plain" icon={left} href="/reports">
              {words.title}
            </ButtonLink>
          }
        />
      )}
    </Show>
  )
}
