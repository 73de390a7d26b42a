/** Words about a customer's own host names. */
import type { Hostname, HostnameReason } from '../api/shapes.ts'
import { date, shortTime } from './format.ts'

export const hostNames = {
  title: 'Host names',
  failed: 'The host names could not be loaded',
  loading: 'The host names',
  lead: (prefixHost: string) =>
    `The portal always opens at ${prefixHost}. Beside it, it can open at names of the customer’s own, such as portal.fabrikam.com.`,
  add: 'Add host name',
  addTitle: 'Add a host name',
  addText:
    'Afterwards you are shown two records that whoever looks after the customer’s DNS has to set. The portal opens there once both are found.',
  field: 'Host name',
  fieldHelp: 'A name below the customer’s own domain, such as portal.fabrikam.com.',
  enter: 'Enter a host name, such as portal.fabrikam.com',
  adding: 'Adding…',
  added: (name: string) => `${name} is added. Set its two DNS records now.`,
  ofPrefix: 'The address that comes with the portal',
  always: 'Always opens',
  primary: 'In mails and links',
  makePrimary: 'Use in mails and links',
  madePrimary: (name: string) => `Mails and links lead to ${name} now.`,
  more: (name: string) => `More for ${name}`,
  check: 'Check again now',
  checking: 'Being checked…',
  checkAsked: (name: string) => `${name} is being checked.`,
  remove: 'Remove',
  removeTitle: (name: string) => `Remove ${name}?`,
  removeText: (one: Pick<Hostname, 'answers' | 'isPrimary' | 'hostname'>, prefixHost: string) =>
    one.answers
      ? `The portal stops opening at ${one.hostname} within a minute, and people who are signed in there are signed out.${
          one.isPrimary
            ? ` Mails and links lead to ${prefixHost} again, but links in mails that were sent stop working.`
            : ''
        } To use the name again later, somebody has to prove anew that it is theirs.`
      : 'Its records are not looked for any more. To use the name later, it has to be added again, with a new TXT record.',
  removed: (name: string) => `${name} is removed.`,
  state: { pending: 'Being set up', active: 'Opens the portal', problem: 'Needs attention' } satisfies Record<
    Hostname['state'],
    string
  >,
  checkedAt: (at: string | null) => (at === null ? 'Not checked yet' : `Checked ${shortTime(at)}`),
  notCheckedAnyMore: 'Not checked by itself any more, since nothing was set up for 30 days.',
  activeSince: (at: string) => `Opens the portal since ${date(at)}`,
  troubleUntil: (since: string, until: string) =>
    `In trouble since ${shortTime(since)}. The portal goes on opening here until ${shortTime(until)}; after that it does not until this is mended.`,
  givenUp: (since: string | null, at: string) =>
    `The portal stopped opening here on ${date(at)}${since === null ? '' : `, after trouble since ${date(since)}`}. Mend what is marked below, then check again.`,
  primaryInTrouble: (prefixHost: string) => `Meanwhile mails and links lead to ${prefixHost}.`,
  steps: 'What is done and what is missing',
  done: 'Done',
  missing: 'Missing',
  step: { proof: 'Ownership', address: 'Address', certificate: 'Certificate' } satisfies Record<
    Hostname['steps'][number]['name'],
    string
  >,
  reason: (name: Hostname['steps'][number]['name'], reason: HostnameReason, leadsTo: string | null): string =>
    ({
      unchecked: 'Not looked at yet.',
      done: {
        proof: 'The TXT record is there.',
        address: 'The name leads to the portal.',
        certificate: 'It is issued, so the connection is encrypted.',
      }[name],
      txt_missing: 'Set the TXT record below. It proves that the name is the customer’s.',
      txt_differs: 'There is a TXT record, but it says something else. Copy the value below exactly.',
      name_servers_fail:
        'The name servers of this domain give no answer. Ask whoever looks after the DNS to have a look at the whole domain.',
      name_taken:
        'Somebody else has proven before that this name is theirs, and uses it. They have to let it go first.',
      cname_missing: 'Set the CNAME record below.',
      cname_elsewhere: `The name leads to ${leadsTo ?? 'another place'} so far. Replace that with the CNAME record below.`,
      after_the_others: 'Follows by itself once the other two are done.',
      being_issued: 'Being issued. This takes some minutes, now and then an hour.',
      not_issued:
        'The certificate could not be issued. Check that no CAA record of the domain forbids it, then check again.',
      blocked:
        'The name is not allowed at our network, for instance because it is on a list of unsafe names. Use another.',
      moved: 'Our network found the name leading elsewhere. Set the CNAME record below again.',
    })[reason],
  reported: 'Reported:',
  records: 'DNS records',
  recordsText:
    'Whoever looks after the domain sets these where its DNS is kept. Some providers want the name without the domain at its end.',
  showRecords: 'Show the DNS records',
  recordType: 'Type',
  recordName: 'Name',
  recordValue: 'Value',
  copyName: (type: string) => `Copy the name of the ${type} record`,
  copyValue: (type: string) => `Copy the value of the ${type} record`,
}
