import { ConnectorFault } from '../connector.ts'
import { exchange } from '../exchange.ts'
import type { Caller } from '../exchange.ts'
import type { ProductNames } from '../product-names.ts'
import { productsIn, vendor } from './mapping.ts'

export type ProductNamesConfig = Pick<Caller, 'fetch' | 'now'> & {
  /** Where Microsoft publishes the table as CSV. */
  url: string
}

const called = 'Microsoft’s table of licences'
/** It has some five thousand lines. */
const BYTE_COUNT_MAX = 16 * 1024 * 1024

/** The table that Microsoft publishes as a CSV file. */
export const publishedProductNames = ({ url, ...asking }: ProductNamesConfig): ProductNames => ({
  all: async () => {
    const caller: Caller = { ...asking, vendor, called, byteCountMax: BYTE_COUNT_MAX }
    const answer = await exchange(caller, url, { method: 'GET', headers: { accept: 'text/csv' } })
    if (answer.status !== 200)
      throw new ConnectorFault(
        answer.status >= 500 || answer.status === 429 ? 'down' : 'rejected',
        vendor,
        `${called} could not be read (${answer.status}).`,
        answer.retryAfterSeconds,
      )
    return productsIn(answer.body)
  },
})
