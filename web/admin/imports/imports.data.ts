import { api, body } from '../../api/client.ts'
import type {
  CustomerImport,
  CustomerImportRow,
  CustomerImportRowInput,
  ImportField,
  ImportRowQuery,
} from '../../api/shapes.ts'
import { uploadFile } from '../../api/upload.ts'

export type { CustomerImport, CustomerImportRow, ImportDecision, ImportField } from '../../api/shapes.ts'

const base = '/api/msp-portal/customer-imports'
export const sampleHref = `${base}/sample`
export const badRowsHref = (importId: string): string => `${base}/${importId}/bad-rows`

export const importFields: ImportField[] = ['name', 'email', 'phone', 'address', 'notes', 'psaId', 'customerId']

type Page<Item> = { items: Item[]; nextCursor: string | null }

export async function listImports(query: { cursor?: string }): Promise<Page<CustomerImport>> {
  return body(await api.GET('/api/msp-portal/customer-imports', { params: { query: { limit: 20, ...query } } }))
}

export async function readImport(importId: string): Promise<CustomerImport> {
  return body(await api.GET('/api/msp-portal/customer-imports/{importId}', { params: { path: { importId } } }))
}

/** Begins an import and sends its file. */
export async function beginImport(
  file: File,
  onShare: (share: number) => void,
  signal: AbortSignal,
): Promise<CustomerImport> {
  const fileName = file.name.trim().slice(0, 200) || 'customers.csv'
  const { id } = body(await api.POST('/api/msp-portal/customer-imports', { body: { fileName } }))
  try {
    return await uploadFile<CustomerImport>(`${base}/${id}/file`, file, onShare, signal)
  } catch (error) {
    // Without its file it is nothing to come back to; where this fails too, the sweep forgets it.
    await discardImport(id).catch(() => undefined)
    throw error
  }
}

export async function chooseColumns(importId: string, columns: (ImportField | null)[]): Promise<CustomerImport> {
  return body(
    await api.PUT('/api/msp-portal/customer-imports/{importId}/columns', {
      params: { path: { importId } },
      body: { columns },
    }),
  )
}

export async function listRows(importId: string, query: ImportRowQuery): Promise<Page<CustomerImportRow>> {
  return body(
    await api.GET('/api/msp-portal/customer-imports/{importId}/rows', { params: { path: { importId }, query } }),
  )
}

export async function saveRow(
  importId: string,
  row: CustomerImportRow,
  input: CustomerImportRowInput,
): Promise<CustomerImportRow> {
  return body(
    await api.PUT('/api/msp-portal/customer-imports/{importId}/rows/{rowId}', {
      params: { path: { importId, rowId: row.id } },
      headers: { 'if-match': `"v${row.version}"` },
      body: input,
    }),
  )
}

export async function recheckImport(importId: string): Promise<CustomerImport> {
  return body(await api.POST('/api/msp-portal/customer-imports/{importId}/recheck', { params: { path: { importId } } }))
}

export async function runImport(importId: string): Promise<CustomerImport> {
  return body(await api.POST('/api/msp-portal/customer-imports/{importId}/run', { params: { path: { importId } } }))
}

export async function undoImport(importId: string): Promise<CustomerImport> {
  return body(await api.PUT('/api/msp-portal/customer-imports/{importId}/reversal', { params: { path: { importId } } }))
}

export async function discardImport(importId: string): Promise<void> {
  await api.DELETE('/api/msp-portal/customer-imports/{importId}', { params: { path: { importId } } })
}

/** The step of the wizard that an import stands at. */
export const stepOf = ({ state }: CustomerImport): 'columns' | 'check' | 'run' | 'result' => {
  switch (state) {
    case 'waiting':
    case 'uploaded':
      return 'columns'
    case 'checking':
    case 'checked':
    case 'failed':
    case 'discarded':
      return 'check'
    case 'running':
      return 'run'
    case 'done':
    case 'undoing':
    case 'undone':
      return 'result'
  }
}
