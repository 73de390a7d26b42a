/** Words of importing customers from a CSV file. */
import type { CustomerImport, ImportDecision, ImportField } from '../api/shapes.ts'
import { bytes, count, date, fullTime, number, relative } from './format.ts'

export const importBytesMax = 10 * 1024 * 1024

const customers = (n: number) => count(n, 'customer', 'customers')
const rows = (n: number) => count(n, 'row', 'rows')

export const imports = {
  title: 'Import customers',
  open: 'Import',
  loading: 'The imports',
  loadingOne: 'The import',
  failed: 'The imports could not be loaded',
  failedOne: 'This import could not be loaded',
  toImports: 'Go to imports',
  notAllowed: 'Only owners and admins can import customers.',

  steps: {
    label: 'Steps of the import',
    file: 'File',
    columns: 'Columns',
    check: 'Check',
    run: 'Import',
    result: 'Result',
  },

  file: {
    title: 'Choose a CSV file',
    text: 'Drop it anywhere on this page, or choose it. One row per customer, with the names of the columns in the first row. Up to 10 MB and 50,000 rows. Nothing is changed before you have seen what would happen.',
    choose: 'Choose file',
    sample: 'Download a sample file',
    dropTitle: 'Let go to begin the import',
    dropText: 'Nothing is changed before you have seen what would happen.',
    one: 'Drop one file at a time.',
    folder: 'This is a folder. Drop the CSV file in it.',
    tooLarge: (size: number) =>
      `This file has ${bytes(size)}. At most ${bytes(importBytesMax)} are taken. Split it into several files.`,
    sending: (name: string) => `Uploading ${name}`,
    bytes: (sent: number, all: number) => `${bytes(sent)} of ${bytes(all)}`,
  },

  past: {
    title: 'Earlier imports',
    text: 'Files and their rows are kept for 30 days, then forgotten.',
    none: 'No file was imported in the last 30 days.',
    columns: { file: 'File', state: 'State', added: 'Added', changed: 'Changed', by: 'By', when: 'When' },
    more: 'Show earlier',
  },
  state: {
    waiting: 'No file yet',
    uploaded: 'Columns to confirm',
    checking: 'Being checked',
    checked: 'Checked, not imported',
    running: 'Being imported',
    done: 'Imported',
    undoing: 'Being undone',
    undone: 'Undone',
    failed: 'Not readable',
    discarded: 'Discarded',
  } satisfies Record<CustomerImport['state'], string>,

  waiting: {
    title: 'The file did not arrive',
    text: 'The upload was broken off. Begin again with the file.',
    again: 'Begin again',
  },

  columns: {
    title: 'What the columns are',
    lead: 'We guessed from the headings. Correct what is wrong.',
    empty: 'An empty cell leaves the value that a customer has. It never deletes anything.',
    match:
      'A row is matched with a customer by its Customer id, else by its PSA id, else by its name, ignoring case, punctuation and legal forms. Customers with different PSA ids are never taken for one. Without a match, or with “new” as its Customer id, a new customer is added.',
    heading: 'Column in the file',
    samples: 'First values',
    field: 'Becomes',
    unnamed: (position: number) => `Column ${number(position)}, without a heading`,
    leftOut: 'Left out',
    ours: 'It comes from our export and cannot be imported.',
    unknown: 'We do not know this column.',
    readAs: (encoding: string, delimiter: string) => `Read as ${encoding}, separated by ${delimiter}.`,
    delimiter: (sign: string) =>
      ({ ',': 'commas', ';': 'semicolons', '\t': 'tabs', '|': 'vertical bars' })[sign] ?? sign,
    check: 'Check rows',
    checking: 'Starting…',
    againTitle: 'Read the file again?',
    againText:
      'Every row is read from the file anew. What was put right or left out on the page before is lost. To keep it, go back and choose “Check again”.',
    againVerb: 'Read the file again',
    nameMissing: 'Choose the column that holds the customers’ names',
    twice: (field: ImportField) => `${imports.field[field]} can come from one column only`,
    fieldLabel: (heading: string) => `What “${heading}” becomes`,
  },
  field: {
    name: 'Name',
    email: 'E-mail',
    phone: 'Phone',
    address: 'Address',
    notes: 'Notes',
    psaId: 'PSA id',
    customerId: 'Customer id',
  } satisfies Record<ImportField, string>,

  check: {
    title: 'What will happen',
    working: 'Checking rows',
    progressOf: (name: string) => `Check of ${name}`,
    goesOn: 'It goes on when you close this page.',
    filter: 'Show rows by what will happen to them',
    all: (n: number) => `All ${number(n)}`,
    tab: (decision: ImportDecision, n: number) => `${imports.check.tabs[decision]} ${number(n)}`,
    tabs: {
      create: 'New',
      update: 'Changed',
      unchanged: 'Unchanged',
      skip: 'Left out',
      error: 'Errors',
    } satisfies Record<ImportDecision, string>,
    decision: {
      create: 'Will be added',
      update: 'Will be changed',
      unchanged: 'Stays as it is',
      skip: 'Left out',
      error: 'Cannot be imported',
    } satisfies Record<ImportDecision, string>,
    line: 'Line',
    name: 'Customer',
    what: 'What will happen',
    why: 'Details',
    act: 'Edit',
    more: 'Show more rows',
    loadingRows: 'The rows',
    failedRows: 'The rows could not be loaded',
    noneTitle: 'No rows here',
    noneText: 'No row of this file is of this kind.',
    emptyTitle: 'There are no rows in this file',
    emptyText: 'It has headings only, so there is nothing to import.',
    edit: 'Edit',
    whichOne: 'Which customer is it?',
    toldApart: (one: { psaId: string | null; domain: string | null; createdAt: string }) =>
      [one.psaId === null ? 'no PSA id' : `PSA id ${one.psaId}`, one.domain, `added ${date(one.createdAt)}`]
        .filter(Boolean)
        .join(' · '),
    thisOne: 'This one',
    noneOfThem: 'None of these',
    asNew: 'Add as a new customer',
    editOf: (line: number, name = '') => `Line ${number(line)}${name === '' ? '' : ` · ${name.slice(0, 80)}`}`,
    save: 'Check this row',
    saving: 'Checking…',
    leaveOut: 'Leave out',
    takeIn: 'Take in again',
    /** In place of a name. */
    forgotten: 'A customer that was deleted since',
    nameless: 'No name',
    nowWill: (line: number, decision: ImportDecision) =>
      `Line ${number(line)}: ${imports.check.decision[decision].toLowerCase()}.`,
    bad: 'Download rows to put right',
    errors: (n: number) =>
      `${rows(n)} cannot be imported as ${n === 1 ? 'it is' : 'they are'}. Put ${n === 1 ? 'it' : 'them'} right here or in the file, or go on without ${n === 1 ? 'it' : 'them'}.`,
    showErrors: 'Show errors',
    begin: (n: number) => `Import ${customers(n)}`,
    beginning: 'Starting…',
    nothing: 'Nothing would change: no row adds or changes a customer.',
    summary: (add: number, change: number) =>
      [add > 0 ? `adds ${customers(add)}` : '', change > 0 ? `changes ${number(change)}` : '']
        .filter(Boolean)
        .join(' and '),
    willDo: (add: number, change: number) =>
      `The import ${imports.check.summary(add, change)}. You can undo it for 7 days.`,
    other: 'Change columns',
    again: 'Check again',
    unreadable: 'This file cannot be read',
    stopped: 'It stopped',
    tryAgain: 'Try again',
  },

  run: {
    working: 'Importing customers',
    progressOf: (name: string) => `Import of ${name}`,
    goesOn: 'It goes on when you close this page. What is imported can be undone for 7 days.',
    notYet: 'This import has not been started.',
    toCheck: 'Go to the check',
  },

  result: {
    title: 'What happened',
    done: (add: number, change: number) =>
      add + change === 0
        ? 'No customer was added or changed.'
        : `${[add > 0 ? `${customers(add)} added` : '', change > 0 ? `${customers(change)} changed` : ''].filter(Boolean).join(', ')}.`,
    added: 'Added',
    changed: 'Changed',
    unchanged: 'Unchanged',
    leftOut: 'Left out',
    errors: 'Not imported',
    decision: {
      create: 'Added',
      update: 'Changed',
      unchanged: 'Stayed as it was',
      skip: 'Left out',
      error: 'Not imported',
    } satisfies Record<ImportDecision, string>,
    tabs: {
      create: 'Added',
      update: 'Changed',
      unchanged: 'Unchanged',
      skip: 'Left out',
      error: 'Not imported',
    } satisfies Record<ImportDecision, string>,
    toCustomers: 'Go to customers',
    another: 'Import another file',
    undo: 'Undo import',
    undoUntil: (at: string) => `It can be undone until ${date(at)}.`,
    undoUntilFull: (at: string) => fullTime(at),
    tooLate: 'It ran more than 7 days ago, so it can no longer be undone.',
    undoTitle: (name: string) => `Undo the import of ${name}?`,
    undoText: (add: number, change: number) =>
      `${[add > 0 ? `${customers(add)} that it added ${add === 1 ? 'is' : 'are'} removed` : '', change > 0 ? `${customers(change)} that it changed ${change === 1 ? 'gets' : 'get'} the old values back` : ''].filter(Boolean).join(', and ')}. Customers that somebody has changed since, or that have contacts, tenants, documents or a portal by now, are left as they are and listed.`,
    undoVerb: 'Undo import',
    undoing: 'Undoing the import',
    undoProgressOf: (name: string) => `Undoing of ${name}`,
    undone: (at: string, left: number, gone: number) => {
      if (left === 0) return `Undone ${relative(at)}. Every customer is as it was before.`
      const but = [
        left > gone ? `${customers(left - gone)} that ${left - gone === 1 ? 'has' : 'have'} changed since` : '',
        gone > 0 ? `${customers(gone)} that ${gone === 1 ? 'is' : 'are'} no longer there` : '',
      ]
      return `Undone ${relative(at)}, but for ${but.filter(Boolean).join(' and ')}.`
    },
    left: (n: number) => `Left as they are ${number(n)}`,
    undoings: { removed: 'Removed again', restored: 'As it was before', left: 'Left as it is' },
    ranAt: (at: string, by: string) => `Imported ${relative(at)} by ${by}.`,
  },

  discard: 'Discard',
  discardTitle: (name: string) => `Discard the import of ${name}?`,
  discardText: 'The file and what was checked go. No customer is touched.',
  discarded: (name: string) => `Discarded ${name}.`,
}
