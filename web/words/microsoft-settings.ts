/** Words about the MSP's own app registration at Microsoft. */
import type { MicrosoftSettings } from '../api/shapes.ts'
import { count, date } from './format.ts'

type App = NonNullable<MicrosoftSettings['app']>
type OtherTenant = MicrosoftSettings['otherTenants'][number]

const tenants = (n: number) => count(n, 'tenant', 'tenants')
const dayOf = (day: string) => date(`${day}T12:00:00Z`)

export const microsoftSettings = {
  lead: 'When a customer connects a tenant, or somebody signs in with Microsoft, Microsoft’s page names the app that asks. With an app registration of your own, that name is yours.',

  app: {
    title: 'App registration',
    neutral: 'Microsoft’s pages show a neutral name now, the same for everybody here.',
    own: 'Microsoft’s pages show the name of your own app.',
    set: 'Use an app of your own',
    change: 'Change',
    clientId: 'Application (client) ID',
    directoryId: 'Directory (tenant) ID',
    secret: 'Client secret',
    secretKept: 'Kept sealed and never shown.',
    secretUntil: (day: string) => `Kept sealed and never shown. Expires on ${dayOf(day)}.`,
    usedBy: 'Used by',
    tenants,
    copy: (what: string) => `Copy the ${what}`,
    standing: {
      unknown: '',
      good: '',
      expires_soon: 'Expires soon',
      expired: 'Expired',
    } satisfies Record<App['secretStanding'], string>,
    expiresSoonTitle: (day: string) => `The client secret expires on ${dayOf(day)}.`,
    expiresSoonText:
      'Make a new one in Entra before that day and enter it here. After it, tenants are not read and nobody signs in with Microsoft.',
    expiredTitle: (day: string) => `The client secret expired on ${dayOf(day)}.`,
    expiredText:
      'Tenants that use this app are not read, and nobody signs in to portals with Microsoft, until you enter a new one. What was read before is kept.',
    renew: 'Enter a new secret',
    drop: 'Remove',
    dropTitle: 'Remove your app registration?',
    dropText: (n: number) =>
      n === 0
        ? 'Microsoft’s pages show the neutral name again. No tenant is connected with this app, so nothing else changes. Its secret is forgotten.'
        : `Microsoft’s pages show the neutral name again, and the secret is forgotten. ${n === 1 ? '1 tenant is' : `${tenants(n)} are`} connected with this app: nothing more is read from ${n === 1 ? 'it' : 'them'} until an administrator there connects ${n === 1 ? 'it' : 'each'} again. What was read is kept.`,
    dropInstead:
      'To change to another app without a gap, do not remove this one: enter the other one with “Change”. This one then goes on for its tenants until you have connected each again.',
    dropped: 'Removed. Microsoft’s pages show the neutral name again.',
  },

  form: {
    title: 'Your own app registration',
    clientIdHelp: 'On the app’s Overview page in Entra.',
    directoryIdHelp: 'On the same page: your own Microsoft tenant, not a customer’s.',
    secret: 'Client secret’s value',
    secretHelp:
      'What stands under Value, not the Secret ID. Entra shows it only right after it was made. It is kept sealed.',
    secretKept: 'Leave it empty to keep the one that is stored for this app.',
    expiresOn: 'Expires on',
    expiresOnHelp: 'As Entra shows it beside the secret, so that you are warned 30 days before.',
    enterClientId: 'Enter the Application (client) ID',
    enterDirectoryId: 'Enter the Directory (tenant) ID',
    move: (n: number) =>
      n === 0
        ? ''
        : `${n === 1 ? '1 tenant is' : `${tenants(n)} are`} connected with the app in use now. Entering another app leaves ${n === 1 ? 'it' : 'them'} on that one until you connect ${n === 1 ? 'it' : 'each'} again.`,
    enterSecret: 'Enter the secret’s value',
    save: 'Save app',
    saveSecret: 'Save secret',
    saving: 'Saving…',
    saved: 'The app is saved. Send a test to see whether Microsoft takes it.',
  },

  trial: {
    title: 'Test',
    lead: 'Asks Microsoft whether it takes the app and its secret. Nothing is changed by it.',
    send: 'Test the app',
    sending: 'Asking Microsoft…',
    accepted: 'It works.',
    refused: 'Microsoft refused.',
    ofFormer: (clientId: string) => `Former app ${clientId}:`,
    code: (codes: string[]) => (codes.length === 0 ? '' : `(${codes.join(', ')})`),
  },

  uses: {
    title: 'Which tenants use which app',
    lead: 'A tenant is read with the app it was connected with, whichever is in use now. To move one, open its customer and choose “Connect with the app in use now” behind the tenant, with an administrator of that tenant; what was read is kept.',
    own: 'Your app in use',
    former: (clientId: string) => `Your former app ${clientId}`,
    neutral: 'The neutral app',
    removed: 'An app that was removed: nothing is read',
    columns: { app: 'App', secret: 'Client secret', tenants: 'Tenants', more: 'More' },
    othersTitle: 'Not on the app in use',
    columnsOfOthers: { customer: 'Customer', tenant: 'Tenant', connectedWith: 'Connected with' },
    connectedWith: {
      neutral: 'Neutral app',
      former: 'Former app',
      removed: 'Removed app: connect again',
    } satisfies Record<OtherTenant['connectedWith'], string>,
    onlyFirst: (n: number) => `${n} of them are shown; as they are connected again, others follow.`,
    renewFormer: 'Enter a new secret',
    renewFormerTitle: (clientId: string) => `A new secret for the former app ${clientId}`,
    renewFormerText: 'Tenants go on being read with this app until you have connected each with the app in use.',
    renewedFormer: 'The secret is saved. Test the former app to see whether Microsoft takes it.',
    tryFormer: 'Test',
    dropFormer: 'Remove',
    dropFormerTitle: (clientId: string) => `Remove the former app ${clientId}?`,
    dropFormerText: (n: number) =>
      `${n === 1 ? '1 tenant is' : `${tenants(n)} are`} still connected with it: nothing more is read from ${n === 1 ? 'it' : 'them'} until an administrator there connects ${n === 1 ? 'it' : 'each'} again. What was read is kept.`,
    droppedFormer: 'The former app is removed.',
  },

  steps: {
    title: 'How to register an app',
    lead: 'In the Entra admin centre of your own company, as an administrator. It takes about ten minutes.',
    register: 'Open App registrations, choose New registration, and give it the name that your customers are to see.',
    audience: 'Under Supported account types choose accounts in any organisational directory (multitenant).',
    redirect: 'Under Authentication add the platform Web with both of these redirect URIs:',
    copyUri: (uri: string) => `Copy ${uri}`,
    claims:
      'In the Manifest set groupMembershipClaims to "DirectoryRole". Otherwise nobody can prove that an administrator consented, and tenants cannot be connected.',
    permissions:
      'Under API permissions add these application permissions of Microsoft Graph. Your customers’ administrators consent to them when a tenant is connected:',
    secret: 'Under Certificates & secrets make a client secret. Copy its Value at once, and note when it expires.',
    enter: 'Enter the two IDs from the Overview page and the value here, and test the app.',
  },
}
