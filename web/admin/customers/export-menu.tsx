import { Show, type JSX } from 'solid-js'
import { api } from '../../api/client.ts'
import { saveFile } from '../../api/download.ts'
import { exports as words } from '../../words/exports.ts'
import { ExportMenu, type ExportFormat } from '../export-menu.tsx'
import { useStaff } from '../staff.tsx'
import { isFiltered, type CustomerQuery } from './customers.data.ts'

/** Saves the customers that the list shows for a question, or those that are selected; for who may. */
export function CustomerExportMenu(props: { question: CustomerQuery; selectedIds: string[] }): JSX.Element {
  const staff = useStaff()
  const note = () => {
    if (props.selectedIds.length > 0) return words.selected(props.selectedIds.length)
    const isPart = isFiltered(props.question) || props.question.q !== undefined || props.question.state === 'archived'
    return isPart ? words.matching : words.allCustomers
  }
  const save = (format: ExportFormat) => {
    const { cursor: _cursor, limit: _limit, problems, ...question } = props.question
    const ids = props.selectedIds.length > 0 ? { ids: props.selectedIds } : {}
    return saveFile(
      api.POST('/api/msp-portal/customer-exports', {
        body: { sort: 'name', state: 'active', ...question, ...(problems && { problems: true }), format, ...ids },
        parseAs: 'blob',
      }),
    )
  }
  return (
    <Show when={staff.mayWrite}>
      <ExportMenu note={note()} save={save} />
    </Show>
  )
}
