/**
 * What entries can be filtered by, and the topics each stands for. An entry's topic is made in the database of its action:
 * the first word, but for syncs and sign-ins, which have one of their own (db/shard/work.ts).
 */
export const activityKinds = {
  customer: ['customer'],
  contacts: ['contact', 'contacts'],
  tenants: ['tenant'],
  sync: ['sync'],
  portal: ['portal', 'logo', 'hostname'],
  documents: ['document'],
  requests: ['request'],
  tickets: ['ticket'],
  sign_in: ['sign_in'],
  notices: ['notice'],
  imports: ['imported_customer', 'customer_import'],
  bulk: ['customers', 'activity', 'report', 'matters'],
  settings: ['settings', 'staff', 'api_key'],
  jobs: ['job'],
} as const satisfies Record<string, readonly [string, ...string[]]>

export type ActivityKind = keyof typeof activityKinds
export const activityKindNames = Object.keys(activityKinds) as [ActivityKind, ...ActivityKind[]]
