import { createEffect, createResource, createSignal, For, Show, type JSX } from 'solid-js'
import { ProblemError } from '../api/problem.ts'
import { Button } from '../ui/button.tsx'
import { Field } from '../ui/field.tsx'
import { file, lock, printer } from '../ui/icon.tsx'
import { DateInput } from '../ui/inputs.tsx'
import { Bone, Empty, Loaded, Skeleton } from '../ui/states.tsx'
import { calendarDay, decimal, number } from '../words/format.ts'
import { reports as words } from '../words/reports.ts'
import { readWhole, type Period, type Report, type ReportKind, type ReportSource } from './reports.data.ts'
import './reports.css'

/** Whose paper it is. Without a colour it is printed in the page's own. */
export type Letterhead = { name: string; logoUrl: string | null; colour?: string }

/** One report as it is printed: the logo and the name on top, the whole table below, its heads on every page. */
export function ReportSheet(props: {
  report: ReportKind
  source: ReportSource
  letterhead: Letterhead
  back: JSX.Element
}): JSX.Element {
  const [period, setPeriod] = createSignal<Period>({})
  const [rowCount, setRowCount] = createSignal(0)
  const [whole, { refetch }] = createResource(
    () => ({ report: props.report, period: period() }),
    (asked) => {
      setRowCount(0)
      return readWhole(props.source, asked.report, asked.period, setRowCount)
    },
  )
  const isHidden = () =>
    whole.state === 'errored' && whole.error instanceof ProblemError && [403, 404].includes(whole.error.status)
  return (
    <article class="report">
      <div class="report-bar no-print">
        {props.back}
        <Show when={props.report in emptyPeriod}>
          <Field label={words.from}>
            <DateInput
              value={period().from ?? ''}
              max={period().to}
              onChange={(day) => setPeriod(withDay('from', day))}
            />
          </Field>
          <Field label={words.to}>
            <DateInput
              value={period().to ?? ''}
              min={period().from}
              onChange={(day) => setPeriod(withDay('to', day))}
            />
          </Field>
        </Show>
        <Button icon={printer} disabled={whole.state !== 'ready'} onClick={() => print()}>
          {words.print}
        </Button>
      </div>
      <div class="sheet">
        <Head
          report={props.report}
          letterhead={props.letterhead}
          asOf={whole.state === 'ready' ? whole().asOf : undefined}
        />
        <Show
          when={!isHidden()}
          fallback={
            <Empty icon={lock} title={words.notHereTitle}>
              {words.notHereText}
            </Empty>
          }
        >
          <Loaded
            of={whole}
            waiting={<Waiting rowCount={rowCount()} />}
            failedTitle={words.failed}
            retry={() => void refetch()}
          >
            {(report) => <Rows report={report()} />}
          </Loaded>
        </Show>
      </div>
    </article>
  )

  function withDay(end: 'from' | 'to', day: string): Period {
    const { [end]: _, ...other } = period()
    return day === '' ? other : { ...other, [end]: day }
  }
}

/** The reports that tell of chosen days, with what is said of days without anything. */
const emptyPeriod: Partial<Record<ReportKind, string>> = {
  changes: words.emptyChanges,
  tickets: words.emptyTickets,
}

/** What stands on top of the paper. The colour is a rule beneath it and never text, so that any will do. */
function Head(props: { report: ReportKind; letterhead: Letterhead; asOf: string | null | undefined }): JSX.Element {
  let head: HTMLElement | undefined
  const made = new Date().toISOString()
  // The colour is data; it reaches the page through CSSOM, which the CSP allows.
  createEffect(() => {
    if (props.letterhead.colour !== undefined) head?.style.setProperty('--brand', props.letterhead.colour)
  })
  return (
    <header class="sheet-head" ref={head}>
      <p class="sheet-sign">
        <Show when={props.letterhead.logoUrl} fallback={props.letterhead.name}>
          {(url) => (
            <>
              <img src={url()} alt="" />
              <span>{props.letterhead.name}</span>
            </>
          )}
        </Show>
      </p>
      <h1>{words.name[props.report]}</h1>
      <p class="quiet small">
        <Show when={props.asOf !== undefined}>{props.asOf ? words.asOf(props.asOf) : words.notRead} · </Show>
        {words.madeOn(made)}
      </p>
    </header>
  )
}

function Rows(props: { report: Report }): JSX.Element {
  return (
    <Show
      when={props.report.rows.length > 0}
      fallback={
        <Empty icon={file} title={words.emptyTitle}>
          {emptyPeriod[props.report.report] ?? words.emptyText}
        </Empty>
      }
    >
      <div class="sheet-scroll" tabindex="0" role="region" aria-label={words.name[props.report.report]}>
        <table class="sheet-table" classList={{ wide: props.report.columns.length > 6 }}>
          <thead>
            <tr>
              <For each={props.report.columns}>
                {(column) => (
                  <th scope="col" classList={{ numeric: column.isNumber }}>
                    {column.title}
                  </th>
                )}
              </For>
            </tr>
          </thead>
          <tbody>
            <For each={props.report.rows}>
              {(row) => (
                <tr>
                  <For each={row}>
                    {(cell, place) => (
                      <td
                        dir="auto"
                        data-title={props.report.columns[place()]?.title}
                        classList={{
                          numeric: props.report.columns[place()]?.isNumber === true,
                          day: typeof cell === 'string' && aDay.test(cell),
                          long: typeof cell === 'string' && /\S{17}/.test(cell),
                        }}
                      >
                        <Words of={shown(cell, props.report.columns[place()]?.decimals)} />
                      </td>
                    )}
                  </For>
                </tr>
              )}
            </For>
          </tbody>
        </table>
      </div>
      <p class="quiet small sheet-end">{words.rows(props.report.rows.length)}</p>
    </Show>
  )
}

/** An address is broken behind its @ before it is broken anywhere. */
function Words(props: { of: string }): JSX.Element {
  return (
    <For each={props.of.split('@')}>
      {(part, place) => (
        <>
          <Show when={place() > 0}>
            @<wbr />
          </Show>
          {part}
        </>
      )}
    </For>
  )
}

const aDay = /^(\d{4}-\d\d-\d\d)( \d\d:\d\d)?$/

const shown = (cell: string | number | null, decimals: number | undefined): string => {
  if (cell === null) return ''
  if (typeof cell === 'number') return decimals === undefined ? number(cell) : decimal(cell, decimals)
  const [, day, time] = aDay.exec(cell) ?? []
  return day === undefined ? cell : `${calendarDay(day)}${time ?? ''}`
}

function Waiting(props: { rowCount: number }): JSX.Element {
  return (
    <Skeleton what={words.loading}>
      <div class="stack">
        <Show when={props.rowCount > 0}>
          <p class="quiet">{words.read(props.rowCount)}</p>
        </Show>
        <Bone shape="long" />
        <Bone shape="long" />
        <Bone shape="long" />
        <Bone shape="half" />
      </div>
    </Skeleton>
  )
}
