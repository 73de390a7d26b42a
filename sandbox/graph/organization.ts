import type { Tenant } from '../state.ts'

/** The tenant's own record. */
export function organization(tenant: Tenant): Record<string, unknown> {
  const initial = `${tenant.domain.split('.')[0] ?? 'tenant'}.onmicrosoft.com`
  return {
    id: tenant.tenantId,
    deletedDateTime: null,
    businessPhones: [],
    city: null,
    country: null,
    countryLetterCode: 'GB',
    createdDateTime: '2019-03-04T09:12:45Z',
    defaultUsageLocation: null,
    displayName: tenant.name,
    marketingNotificationEmails: [],
    onPremisesLastSyncDateTime: null,
    onPremisesSyncEnabled: null,
    postalCode: null,
    preferredLanguage: 'en',
    securityComplianceNotificationMails: [],
    securityComplianceNotificationPhones: [],
    state: null,
    street: null,
    technicalNotificationMails: tenant.accounts.slice(0, 1).map((account) => account.email),
    tenantType: 'AAD',
    assignedPlans: [],
    provisionedPlans: [],
    verifiedDomains: [
      {
        capabilities: 'Email, OfficeCommunicationsOnline',
        isDefault: true,
        isInitial: false,
        name: tenant.domain,
        type: 'Managed',
      },
      {
        capabilities: 'Email, OfficeCommunicationsOnline',
        isDefault: false,
        isInitial: true,
        name: initial,
        type: 'Managed',
      },
    ],
  }
}
