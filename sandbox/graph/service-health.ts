import { bits, seedOf } from '../random.ts'
import type { ServiceIncident, Tenant } from '../state.ts'

export const services = [
  { id: 'Exchange', name: 'Exchange Online', prefix: 'EX' },
  { id: 'microsoftteams', name: 'Microsoft Teams', prefix: 'TM' },
  { id: 'SharePoint', name: 'SharePoint Online', prefix: 'SP' },
  { id: 'OneDriveForBusiness', name: 'OneDrive for Business', prefix: 'OD' },
  { id: 'OSDPPlatform', name: 'Microsoft 365 suite', prefix: 'MO' },
  { id: 'OrgLiveID', name: 'Identity Service', prefix: 'ID' },
  { id: 'O365Client', name: 'Microsoft 365 apps', prefix: 'OP' },
  { id: 'officeonline', name: 'Microsoft 365 for the web', prefix: 'OO' },
  { id: 'Intune', name: 'Microsoft Intune', prefix: 'IT' },
  { id: 'Microsoft365Defender', name: 'Microsoft Defender XDR', prefix: 'DZ' },
  { id: 'PowerBIcom', name: 'Power BI', prefix: 'PB' },
  { id: 'MicrosoftFlowM365', name: 'Power Automate in Microsoft 365', prefix: 'MF' },
  { id: 'Planner', name: 'Planner', prefix: 'PL' },
  { id: 'Forms', name: 'Microsoft Forms', prefix: 'FM' },
  { id: 'yammer', name: 'Microsoft Viva Engage', prefix: 'YA' },
] as const

type Trouble = { serviceId: string; title: string; feature: string }

const troubles: readonly [Trouble, ...Trouble[]] = [
  {
    serviceId: 'Exchange',
    title: 'Some users may see delays when sending or receiving mail',
    feature: 'E-Mail timely delivery',
  },
  { serviceId: 'microsoftteams', title: 'Some users can’t load older messages in chats', feature: 'Teams Components' },
  { serviceId: 'SharePoint', title: 'Search in document libraries may be slower than usual', feature: 'Search' },
]

const hour = 3_600_000
const operational = 'serviceOperational'

/** What Microsoft says about its services to this tenant: an overview per service, and the issues behind them. */
export function serviceHealth(tenant: Tenant, bornAt: Date): { overviews: Overview[]; issues: Issue[] } {
  const current = new Map<string, ServiceIncident>()
  for (const incident of generatedIncidents(tenant, bornAt)) current.set(incident.serviceId, incident)
  for (const incident of Object.values(tenant.incidents)) current.set(incident.serviceId, incident)
  const issues = [...[...current.values()].map((incident) => toIssue(incident)), ...pastIssues(tenant, bornAt)]
  const overviews = services.map((service) => ({
    service: service.name,
    status: current.get(service.id)?.status ?? operational,
    id: service.id,
  }))
  return { overviews, issues }
}

export type Overview = { service: string; status: string; id: string }
export type Issue = Record<string, unknown> & { service: string; title: string }

/** One service is degraded in every third tenant. */
function generatedIncidents(tenant: Tenant, bornAt: Date): ServiceIncident[] {
  const seed = seedOf(tenant.tenantId)
  if (seed % 3 !== 0) return []
  const trouble = troubles[bits(seed, 0, 71) % troubles.length] ?? troubles[0]
  return [
    {
      id: issueId(trouble.serviceId, seed),
      serviceId: trouble.serviceId,
      status: 'serviceDegradation',
      title: trouble.title,
      startedAt: new Date(bornAt.getTime() - 5 * hour).toISOString(),
    },
  ]
}

/** What is over, as far back as an MSP may be asked about it. */
function pastIssues(tenant: Tenant, bornAt: Date): Issue[] {
  const past = [
    { serviceId: 'OneDriveForBusiness', daysAgo: 9, title: 'Some users may have been unable to open shared links' },
    { serviceId: 'Exchange', daysAgo: 33, title: 'Some users may have received e-mail late' },
    { serviceId: 'microsoftteams', daysAgo: 71, title: 'Some users may have been unable to join meetings' },
    { serviceId: 'OrgLiveID', daysAgo: 140, title: 'Some users may have been unable to sign in' },
  ]
  return past.map(({ serviceId, daysAgo, title }, position) =>
    toIssue({
      id: issueId(serviceId, seedOf(tenant.tenantId) + 7 + position),
      serviceId,
      status: 'serviceRestored',
      title,
      startedAt: new Date(bornAt.getTime() - daysAgo * 24 * hour).toISOString(),
    }),
  )
}

function toIssue(incident: ServiceIncident): Issue {
  const service = services.find(({ id }) => id === incident.serviceId)?.name ?? incident.serviceId
  const isResolved = [operational, 'serviceRestored', 'resolved', 'falsePositive'].includes(incident.status)
  const started = new Date(incident.startedAt)
  const touched = new Date(started.getTime() + 2 * hour).toISOString()
  return {
    startDateTime: incident.startedAt,
    endDateTime: isResolved ? touched : null,
    lastModifiedDateTime: touched,
    title: incident.title,
    id: incident.id,
    impactDescription: `${incident.title}.`,
    classification: incident.status === 'serviceInterruption' ? 'incident' : 'advisory',
    origin: 'microsoft',
    status: incident.status === operational ? 'serviceRestored' : incident.status,
    service,
    feature: troubles.find(({ serviceId }) => serviceId === incident.serviceId)?.feature ?? 'Access',
    featureGroup: 'Service experience',
    isResolved,
    details: [],
    posts: [
      {
        createdDateTime: incident.startedAt,
        postType: 'regular',
        description: {
          contentType: 'html',
          content: `Title: ${incident.title}<br/><br/>Current status: We are looking into it and will say more within two hours.`,
        },
      },
      ...(isResolved
        ? [
            {
              createdDateTime: touched,
              postType: 'regular',
              description: {
                contentType: 'html',
                content: `Title: ${incident.title}<br/><br/>Final status: We have confirmed that service is restored.`,
              },
            },
          ]
        : []),
    ],
  }
}

export function issueId(serviceId: string, seed: number): string {
  const prefix = services.find(({ id }) => id === serviceId)?.prefix ?? 'MO'
  return `${prefix}${String(100_000 + (seed % 900_000))}`
}
