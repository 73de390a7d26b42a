import type { JSX } from 'solid-js'
import { list } from '../../ui/icon.tsx'
import { Panel } from '../../ui/panel.tsx'
import { Empty } from '../../ui/states.tsx'
import { ticketsTab as words } from '../../words/documents.ts'

export function Tickets(): JSX.Element {
  return (
    <Panel title={words.title}>
      <Empty icon={list} title={words.emptyTitle}>
        {words.emptyText}
      </Empty>
    </Panel>
  )
}
