/** Words about taking tables along as files. */
import { count } from './format.ts'

export const exports = {
  verb: 'Export',
  busy: 'Exporting…',
  format: { csv: 'CSV', xlsx: 'Excel' },
  saved: 'The export is in your downloads.',
  /** What goes into the file. */
  allCustomers: 'All active customers, in the order of the list',
  matching: 'All customers that match, in the order of the list',
  selected: (n: number) => `Only the ${count(n, 'customer', 'customers')} selected`,
  allActivity: 'The whole activity',
  matchingActivity: 'All entries that match the filters',
}
