import { useParams } from '@solidjs/router'
import { createResource, createSignal, Show, type JSX } from 'solid-js'
import { asProblem } from '../../api/problem.ts'
import { ReportList } from '../../reports/report-list.tsx'
import { ReportSheet } from '../../reports/report-sheet.tsx'
import type { ReportKind } from '../../reports/reports.data.ts'
import { Button, ButtonLink } from '../../ui/button.tsx'
import { Facts } from '../../ui/facts.tsx'
import { left } from '../../ui/icon.tsx'
import { say } from '../../ui/messages.tsx'
import { Panel } from '../../ui/panel.tsx'
import { Bone, Loaded, Skeleton } from '../../ui/states.tsx'
import { explain } from '../../words/problem.ts'
import { monthlyReport, reports as words } from '../../words/reports.ts'
import { readDefaults, readPortal } from '../brand/brand.data.ts'
import { useCustomer } from '../customer/customer-context.ts'
import { readCustomer } from '../customers/customers.data.ts'
import { useStaff } from '../staff.tsx'
import { useTitle } from '../title.ts'
import { MonthlyDialog } from './monthly-dialog.tsx'
import { MonthlyMail } from './monthly-mail.tsx'
import {
  previewMonthlyReport,
  readReportSettings,
  sendReportSample,
  sourceOf,
  type ReportSettings,
} from './reports.data.ts'

const kinds = Object.keys(words.name) as ReportKind[]

/** A customer's reports, and who of its people is mailed one each month. */
export function Reports(): JSX.Element {
  const { customer } = useCustomer()
  const staff = useStaff()
  return (
    <div class="stack">
      <p class="quiet">{words.leadOfStaff}</p>
      <Panel title={words.title}>
        <ReportList
          reports={kinds}
          base={`/customers/${customer().id}/reports`}
          source={sourceOf(customer().id)}
          mayTake={staff.mayWrite}
        />
      </Panel>
      <Monthly />
    </div>
  )
}

function Monthly(): JSX.Element {
  const { customer, mayChange } = useCustomer()
  const [read, { refetch, mutate }] = createResource(() => customer().id, readReportSettings)
  const [changing, setChanging] = createSignal(false)
  const names = (settings: ReportSettings) =>
    settings.contacts.filter(({ getsReport }) => getsReport).map(({ name }) => name)
  const [sampling, setSampling] = createSignal(false)
  const sample = async () => {
    if (sampling()) return
    setSampling(true)
    try {
      const { to, reader } = await sendReportSample(customer().id)
      say(monthlyReport.sampleSent(to, reader.name))
    } catch (error) {
      say(explain(asProblem(error)), { mood: 'bad' })
    } finally {
      setSampling(false)
    }
  }
  const settings = () => (read.state === 'ready' ? read().settings : null)
  return (
    <Panel
      title={monthlyReport.title}
      end={
        <Show when={mayChange() && settings()}>
          <span class="row">
            <Button look="plain" busy={sampling()} onClick={() => void sample()}>
              {monthlyReport.sample}
            </Button>
            <Button look="plain" onClick={() => setChanging(true)}>
              {monthlyReport.change}
            </Button>
          </span>
        </Show>
      }
    >
      <div class="panel-body stack">
        <Loaded of={read} waiting={<Waiting />} failedTitle={monthlyReport.failed} retry={() => void refetch()}>
          {(found) => (
            <Show when={found().settings} fallback={<p class="quiet">{monthlyReport.noPortal}</p>}>
              {(shown) => (
                <>
                  <p class="quiet">{monthlyReport.lead}</p>
                  <p>
                    {names(shown()).length === 0 ? monthlyReport.nobody : monthlyReport.gets(names(shown()))}{' '}
                    <Show when={shown().nextAt}>{(at) => monthlyReport.next(at())}</Show>
                    <Show when={!(shown().sent ?? shown().usual.sent)}>{monthlyReport.notMailed}</Show>
                  </p>
                  <Facts
                    of={[
                      {
                        name: monthlyReport.partsLegend,
                        value: withSource(monthlyReport.listed(partsOf(shown())), shown().parts),
                      },
                      {
                        name: monthlyReport.leaves,
                        value: withSource(monthlyReport.onThe(shown().day ?? shown().usual.day), shown().day),
                      },
                    ]}
                  />
                  <MonthlyMail read={() => previewMonthlyReport(customer().id)} parts={partsOf(shown())} />
                </>
              )}
            </Show>
          )}
        </Loaded>
      </div>
      <Show when={changing() && settings()} keyed>
        {(before) => (
          <MonthlyDialog
            customerId={customer().id}
            settings={before}
            onClose={() => setChanging(false)}
            onDone={(after) => {
              setChanging(false)
              mutate({ settings: after })
              say(monthlyReport.saved)
            }}
          />
        )}
      </Show>
    </Panel>
  )
}

const partsOf = ({ parts, usual }: ReportSettings) => parts ?? usual.parts
const withSource = (value: string, own: unknown): string =>
  own === null ? `${value} (${monthlyReport.usually})` : value

/** One report as it is printed, on the paper of the customer's portal. */
export function ReportPage(): JSX.Element {
  const params = useParams<{ customerId: string; report: string }>()
  const [customer, { refetch }] = createResource(() => params.customerId, readCustomer)
  const [paper] = createResource(
    () => params.customerId,
    async (customerId) => {
      const [{ portal }, house] = await Promise.all([readPortal(customerId), readDefaults()])
      return {
        name: portal?.displayName ?? null,
        logoUrl: (portal?.logo ?? house.logo)?.url ?? null,
        colour: portal?.primaryColour ?? house.primaryColour,
      }
    },
  )
  const report = () => kinds.find((kind) => kind === params.report) ?? 'users'
  useTitle(() => (customer.state === 'ready' ? `${words.name[report()]}, ${customer.latest.name}` : undefined))
  return (
    <Loaded of={customer} waiting={<Waiting />} failedTitle={words.failed} retry={() => void refetch()}>
      {(value) => (
        <ReportSheet
          report={report()}
          source={sourceOf(params.customerId)}
          letterhead={
            paper.state === 'ready'
              ? { ...paper(), name: paper().name ?? value().name }
              : { name: value().name, logoUrl: null }
          }
          back={
            <ButtonLink look="plain" icon={left} href={`/customers/${params.customerId}/reports`}>
              {value().name}
            </ButtonLink>
          }
        />
      )}
    </Loaded>
  )
}

function Waiting(): JSX.Element {
  return (
    <Skeleton what={words.loading}>
      <div class="stack">
        <Bone shape="half" />
        <Bone shape="long" />
      </div>
    </Skeleton>
  )
}
