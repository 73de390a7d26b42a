import { createContext, useContext, type Accessor } from 'solid-js'
import type { CustomerImport } from './imports.data.ts'

type Import = {
  imported: Accessor<CustomerImport>
  /** What a request has just answered. */
  replace: (next: CustomerImport) => void
  refresh: () => void
}

export const ImportContext = createContext<Import>()

export function useImport(): Import {
  const found = useContext(ImportContext)
  if (!found) throw new Error('Used outside the pages of an import.')
  return found
}
