import Papa from 'papaparse'
import { ConnectorFault } from '../connector.ts'
import type { ProductName } from '../product-names.ts'

export const vendor = 'Microsoft'

/** The columns that are read, by their headings ("Product names and service plan identifiers for licensing"). */
const headings = { name: 'product_display_name', partNumber: 'string_id', skuId: 'guid' } as const
const SKU_ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/**
 * The products of the table, which has a row for each plan of each. Whatever is odd about it is a fault: a table that was cut off,
 * or changed its shape, must not be taken for one. A name that lost a letter on its way is left out.
 */
export const productsIn = (text: string): ProductName[] => {
  const { data, errors } = Papa.parse<string[]>(text, { header: false, skipEmptyLines: 'greedy' })
  const [head, ...rows] = data
  const broken = errors.find(({ type }) => type === 'Quotes')
  if (head === undefined || broken !== undefined) throw odd('it is no CSV')
  const columnOf = (heading: string) => head.findIndex((cell) => cell.trim().toLowerCase() === heading)
  const [name, partNumber, skuId] = [headings.name, headings.partNumber, headings.skuId].map(columnOf)
  if (name === undefined || partNumber === undefined || skuId === undefined || Math.min(name, partNumber, skuId) < 0)
    throw odd('its columns are others')
  const products = new Map<string, ProductName>()
  for (const cells of rows) {
    const id = (cells[skuId] ?? '').trim().toLowerCase()
    if (cells.length !== head.length || !SKU_ID.test(id)) throw odd('a row is not whole')
    const product = { skuId: id, partNumber: (cells[partNumber] ?? '').trim(), name: (cells[name] ?? '').trim() }
    // The first row of a product names it; some later ones are worded otherwise.
    if (product.name !== '' && !product.name.includes('\ufffd') && !products.has(id)) products.set(id, product)
  }
  return [...products.values()]
}

const odd = (what: string) =>
  new ConnectorFault('rejected', vendor, `Microsoft’s table of licences is not as it was: ${what}.`)
