import { bits, fraction, guidOf, pick, seedOf } from '../random.ts'
import type { Tenant } from '../state.ts'

const dayMilliseconds = 86_400_000
const salt = { max: 61, base: 62, phase: 63, noise: 64, average: 65, alerts: 113, alert: 67, done: 68 } as const

/** One score a day, newest first, as far back as Microsoft keeps them. */
export function secureScores(tenant: Tenant, licensedUserCount: number, now: Date): Record<string, unknown>[] {
  const today = Math.floor(now.getTime() / dayMilliseconds)
  return Array.from({ length: 90 }, (_, daysAgo) => scoreOn(tenant, licensedUserCount, today - daysAgo))
}

type Control = { category: string; name: string; description: string; worth: number; remediation: string }

const controls: readonly Control[] = [
  {
    category: 'Identity',
    name: 'AdminMFAV2',
    description: 'Ensure multifactor authentication is enabled for all users in administrative roles',
    worth: 10,
    remediation:
      '<p>Open <b>Conditional Access</b> in the Microsoft Entra admin center.</p><ol><li>Select <b>New policy</b>, and under <b>Users</b> the directory roles.</li><li>Under <b>Grant</b>, select <b>Require multifactor authentication</b>.</li></ol>',
  },
  {
    category: 'Identity',
    name: 'MFARegistrationV2',
    description: 'Ensure all users can complete multifactor authentication',
    worth: 9,
    remediation:
      '<p>Ask everybody to register at <a href="https://aka.ms/mfasetup">aka.ms/mfasetup</a>.<br/>Those who have not within 14 days are asked when they sign in.</p>',
  },
  {
    category: 'Identity',
    name: 'BlockLegacyAuthentication',
    description: 'Block legacy authentication',
    worth: 8,
    remediation: '<p>Turn on the policy <i>Block legacy authentication</i> &amp; watch the sign-in log for a week.</p>',
  },
  {
    category: 'Apps',
    name: 'mdo_safeattachments',
    description: 'Ensure Safe Attachments policy is enabled',
    worth: 8,
    remediation:
      '<div>In the Defender portal, open <b>Safe Attachments</b> and choose <b>Standard protection</b>.</div>',
  },
  {
    category: 'Data',
    name: 'dlp_datalossprevention',
    description: 'Ensure data loss prevention policies are enabled',
    worth: 5,
    remediation: '<p>In the Purview portal, create a policy from the template <b>U.K. Financial Data</b>.</p>',
  },
  {
    category: 'Device',
    name: 'scid_2011',
    description: 'Turn on BitLocker on all drives',
    worth: 9,
    remediation: '<p>Assign the Intune profile <b>Disk encryption</b> to all Windows devices.</p>',
  },
]

/** What the score is made of: each control is done, half done or not begun, and stays so. */
const sharesDone = [0, 0.5, 1] as const
const doneOf = (tenant: Tenant, position: number): number =>
  sharesDone[bits(seedOf(tenant.tenantId), position, salt.done) % sharesDone.length] ?? 0

/** Each control in Microsoft's words, with one that no longer counts. */
export function scoreControlProfiles(tenant: Tenant, bornAt: Date): Record<string, unknown>[] {
  const old = {
    category: 'Data',
    name: 'AuditDataLogs',
    description: 'Review audit data logs',
    worth: 5,
    remediation: '<p>Nothing to do any more.</p>',
  }
  return [...controls, old].map((control, position) => ({
    id: control.name,
    azureTenantId: tenant.tenantId,
    actionType: 'Config',
    actionUrl: 'https://security.microsoft.com/securescore',
    complianceInformation: [],
    controlCategory: control.category,
    controlStateUpdates: [],
    deprecated: control === old,
    implementationCost: 'Low',
    lastModifiedDateTime: new Date(bornAt.getTime() - 40 * dayMilliseconds).toISOString(),
    maxScore: control.worth,
    rank: position + 1,
    remediation: control.remediation,
    remediationImpact: 'People may have to sign in again.',
    service: control.category === 'Device' ? 'MDATP' : 'AzureAD',
    threats: ['Account breach'],
    tier: 'Core',
    title: control.description,
    userImpact: 'Low',
    vendorInformation: { provider: 'SecureScore', providerVersion: null, subProvider: null, vendor: 'Microsoft' },
  }))
}

/** A slow wave over the calendar, so that a day's score is the same whenever it is asked for. */
function scoreOn(tenant: Tenant, licensedUserCount: number, day: number): Record<string, unknown> {
  const seed = seedOf(tenant.tenantId)
  const maxScore = 180 + (bits(seed, 0, salt.max) % 120)
  const base = 0.44 + 0.2 * fraction(seed, 0, salt.base)
  const trend = 0.07 * Math.sin((day / 420) * 2 * Math.PI + 6 * fraction(seed, 0, salt.phase))
  const noise = 0.008 * (fraction(seed, day, salt.noise) - 0.5)
  const share = base + trend + noise
  const date = new Date(day * dayMilliseconds).toISOString().slice(0, 10)
  const average = 38 + 12 * fraction(seed, 0, salt.average)
  return {
    id: `${tenant.tenantId}_${date}`,
    azureTenantId: tenant.tenantId,
    activeUserCount: Math.round(licensedUserCount * 0.92),
    createdDateTime: `${date}T00:00:00Z`,
    currentScore: round(maxScore * share),
    enabledServices: ['HasExchange', 'HasSharePoint', 'HasTeams', 'HasAADP1'],
    licensedUserCount,
    maxScore,
    averageComparativeScores: [
      { basis: 'AllTenants', averageScore: round(average) },
      { basis: 'TotalSeats', averageScore: round(average + 4 + trend * 10) },
      { basis: 'IndustryTypes', averageScore: round(average + 1.5) },
    ],
    controlScores: controls.map((control, position) => ({
      controlCategory: control.category,
      controlName: control.name,
      description: control.description,
      score: control.worth * doneOf(tenant, position),
    })),
    vendorInformation: { provider: 'SecureScore', providerVersion: null, subProvider: null, vendor: 'Microsoft' },
  }
}

type AlertKind = { title: string; category: string; source: string; detection: string; description: string }

const alertKinds: readonly [AlertKind, ...AlertKind[]] = [
  {
    title: 'Sign-in from an unfamiliar place',
    category: 'InitialAccess',
    source: 'azureAdIdentityProtection',
    detection: 'azureAdIdentityProtection',
    description: 'Someone signed in with properties that are unusual for this account.',
  },
  {
    title: 'Mail with a malicious link was delivered and then removed',
    category: 'InitialAccess',
    source: 'microsoftDefenderForOffice365',
    detection: 'microsoftDefenderForOffice365',
    description: 'A message with a link that later turned out to be malicious was taken out of the mailboxes.',
  },
  {
    title: 'Suspicious inbox forwarding rule',
    category: 'Exfiltration',
    source: 'microsoftDefenderForCloudApps',
    detection: 'cloudAppSecurity',
    description: 'A rule that forwards mail to an address outside the organisation was created.',
  },
  {
    title: 'Malware was prevented on a device',
    category: 'Malware',
    source: 'microsoftDefenderForEndpoint',
    detection: 'antivirus',
    description: 'Microsoft Defender Antivirus stopped a file that was known to be malicious.',
  },
]

/** None to three generated alerts, and those raised by hand, newest first. */
export function alerts(tenant: Tenant, bornAt: Date, now: Date): Record<string, unknown>[] {
  const seed = seedOf(tenant.tenantId)
  const generated = Array.from({ length: bits(seed, 0, salt.alerts) % 4 }, (_, index) => ({
    id: `ad${guidOf(`${tenant.tenantId}/alert/${index}`)}_1`,
    kind: alertKinds[(bits(seed, 1, salt.alert) + index) % alertKinds.length] ?? alertKinds[0],
    severity: pick(['low', 'medium', 'high', 'informational'], seed, index, salt.alert),
    createdAt: new Date(bornAt.getTime() - (1 + (bits(seed, index, salt.alert + 1) % 18)) * dayMilliseconds),
    isOld: index === 2,
  }))
  const added = tenant.addedAlerts.map((alert) => ({
    id: alert.id,
    kind: { ...alertKinds[0], title: alert.title, description: alert.title },
    severity: alert.severity,
    createdAt: new Date(alert.createdAt),
    isOld: false,
  }))
  return [...generated, ...added]
    .toSorted((left, right) => right.createdAt.getTime() - left.createdAt.getTime())
    .map((alert) => {
      const isResolved = alert.isOld || tenant.resolvedAlertIds.includes(alert.id)
      const at = alert.createdAt.toISOString()
      const later = new Date(Math.min(now.getTime(), alert.createdAt.getTime() + 7_200_000)).toISOString()
      return {
        '@odata.type': '#microsoft.graph.security.alert',
        id: alert.id,
        providerAlertId: alert.id,
        incidentId: String(1000 + (seedOf(alert.id) % 9000)),
        status: isResolved ? 'resolved' : 'new',
        severity: alert.severity,
        classification: isResolved ? 'truePositive' : 'unknown',
        determination: 'unknown',
        serviceSource: alert.kind.source,
        detectionSource: alert.kind.detection,
        detectorId: guidOf(alert.kind.title),
        tenantId: tenant.tenantId,
        title: alert.kind.title,
        description: alert.kind.description,
        recommendedActions: 'Ask the person whether this was them, and reset the password if it was not.',
        category: alert.kind.category,
        assignedTo: null,
        alertWebUrl: `https://security.microsoft.com/alerts/${alert.id}?tid=${tenant.tenantId}`,
        incidentWebUrl: null,
        actorDisplayName: null,
        threatDisplayName: null,
        threatFamilyName: null,
        mitreTechniques: ['T1078'],
        createdDateTime: at,
        lastUpdateDateTime: later,
        resolvedDateTime: isResolved ? later : null,
        firstActivityDateTime: at,
        lastActivityDateTime: at,
        systemTags: [],
        comments: [],
        evidence: [],
      }
    })
}

function round(value: number): number {
  return Math.round(value * 100) / 100
}
