import type { Security, ServiceHealth, ServiceIssueList, TenantOfDirectory } from '../api/shapes.ts'

type Asked = { tenantId?: string }

/** Where all of it is read from: the portal and the admin area ask at addresses of their own. */
export type HealthSource = {
  /** Undefined for whoever may not see it. */
  security: ((query: Asked) => Promise<Security>) | undefined
  services: (query: Asked) => Promise<ServiceHealth>
  issues: (query: Asked & { limit: number; cursor?: string }) => Promise<ServiceIssueList>
}

/** The names of those tenants, where there are several to be told apart. */
export const namesIn = (tenants: readonly TenantOfDirectory[], ids: readonly string[]): string[] =>
  tenants.length < 2 ? [] : tenants.filter(({ id }) => ids.includes(id)).map(({ name }) => name)
