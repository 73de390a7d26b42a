/** Words about reports: to read, to print, to take along, and by mail each month. */
import type { MonthlyPart, MonthlyPreview, ReportKind } from '../api/shapes.ts'
import { count, fullTime, list, number } from './format.ts'

export const reports = {
  title: 'Reports',
  lead: 'Read and print them here, or take the figures along as a file.',
  leadOfStaff: 'With all that staff see. The customer’s own reports leave out what its portal does not show.',
  name: {
    users: 'Users',
    licences: 'Licences',
    seats: 'Who holds which licence',
    renewals: 'Renewals',
    changes: 'Changes',
    security: 'Security summary',
    tickets: 'Tickets',
  } satisfies Record<ReportKind, string>,
  text: {
    users: 'Everybody in the directory, with what it shows of each.',
    licences: 'What was bought, what is in use and what is free.',
    seats: 'Each seat with the person who holds it.',
    renewals: 'What ends or renews, soonest first.',
    changes: 'Who joined or left, was blocked, or was given a licence.',
    security: 'The score, open alerts, what would help most, and Microsoft’s services.',
    tickets: 'What was asked for, how it stands and how it went.',
  } satisfies Record<ReportKind, string>,
  open: 'Open',
  of: (name: string) => `: ${name}`,
  csv: 'CSV',
  excel: 'Excel',
  saved: (name: string) => `${name}: the file is in your downloads.`,
  failed: 'The report did not load.',
  loading: 'The report is loading',
  read: (rows: number) => `${number(rows)} rows are here, more are coming.`,
  print: 'Print or save as PDF',
  from: 'From',
  to: 'To',
  madeOn: (at: string) => `Made on ${fullTime(at)}`,
  asOf: (at: string) => `Figures as of ${fullTime(at)}`,
  notRead: 'Nothing was read from Microsoft 365 yet',
  rows: (rows: number) => count(rows, 'row', 'rows'),
  emptyTitle: 'There is nothing in this report',
  emptyText: 'Nothing that it tells of was found.',
  emptyChanges: 'Nothing happened in these days.',
  emptyTickets: 'No tickets were written in these days.',
  notHereTitle: 'This report is not shown here',
  notHereText: 'Your provider decides what your portal shows.',
}

/** As "1st", "22nd". */
const ordinal = (day: number): string => {
  const ending = new Map([
    [1, 'st'],
    [2, 'nd'],
    [3, 'rd'],
  ])
  const last = day >= 11 && day <= 13 ? 0 : day % 10
  return `${day}${ending.get(last) ?? 'th'}`
}
const onThe = (day: number): string => `on the ${ordinal(day)} of each month`
const parts: Record<MonthlyPart, string> = {
  people: 'People and what changed',
  licences: 'Licences',
  renewals: 'Renewals (portal admins only)',
  security: 'Security score (portal admins only)',
}

/** Settings → Monthly report. */
export const monthlyDefaults = {
  tab: 'Monthly report',
  lead: 'A short summary that is mailed to the people you choose at each customer, under the customer’s Reports. What you set here holds for every customer that does not have it otherwise.',
  sent: 'Mail monthly reports',
  sentHelp: 'Switched off, nobody is mailed one; who was chosen stays chosen.',
  day: 'Leaves',
  dayHelp: 'In the morning. It tells of the month before.',
}

export const monthlyReport = {
  title: 'By mail each month',
  lead: 'A short summary in the portal’s brand, with a link to the reports. Each reader is told what their portal shows them.',
  noPortal: 'This customer has no portal, so nobody can be sent a report.',
  nobody: 'Nobody gets it.',
  gets: (names: string[]) => `${list(names)} ${names.length === 1 ? 'gets' : 'get'} it.`,
  next: (at: string) => `The next one leaves on ${fullTime(at)}.`,
  change: 'Change',
  sample: 'Send me a sample',
  sampleSent: (to: string, reader: string) => `A sample is on its way to ${to}, as ${reader} would read it.`,
  dialogTitle: 'Reports',
  partsLegend: 'What the monthly mail tells',
  part: parts,
  onThe,
  days: Array.from({ length: 28 }, (_, place) => ({ value: String(place + 1), label: onThe(place + 1) })),
  yes: 'Yes',
  no: 'No',
  mailed: 'Mailed',
  notMailed: 'Nobody is mailed one: monthly reports are switched off.',
  leaves: 'Leaves',
  asUsual: (value: string) => `As in Settings: ${value}`,
  ownParts: 'Choose for this customer',
  usually: 'as in Settings',
  listed: (chosen: readonly MonthlyPart[]) => list(chosen.map((part) => parts[part])),
  preview: 'What it looks like',
  previewFailed: 'The preview did not load.',
  previewLoading: 'The preview is loading',
  previewOf: ({ reader, mail }: MonthlyPreview) =>
    reader === null
      ? mail === null
        ? 'Nobody of this customer has access to an open portal, so there is no mail to show.'
        : 'With figures that are made up.'
      : mail === null
        ? 'There is nothing to tell yet: nothing of this customer was read.'
        : `The mail of the last month, as ${reader.name} would read it.`,
  nothingChosen: 'Nothing is chosen, so no mail leaves.',
  mailHead: (from: { name: string; address: string }, subject: string) => `${from.name} <${from.address}> · ${subject}`,
  contactsLegend: 'Who gets it',
  contactsHelp: 'Those without access to the portal get it once they have.',
  noContacts: 'This customer has no contact with an e-mail address.',
  withoutAccess: 'no access yet',
  save: 'Save',
  saving: 'Saving…',
  saved: 'Saved.',
  failed: 'The settings did not load.',
  choosePart: 'Choose at least one part.',
}
