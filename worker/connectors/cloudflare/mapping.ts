import { z } from 'zod'
import { ConnectorFault } from '../connector.ts'
import type { EdgeHostname } from '../custom-hostnames.ts'

export const vendor = 'Cloudflare'

/** A custom hostname as Cloudflare's API has it, as far as it is read here. */
export const wireHostname = z.object({
  id: z.string().min(1),
  hostname: z.string().min(1),
  status: z.string().nullish(),
  verification_errors: z.array(z.unknown()).nullish(),
  ssl: z
    .object({
      status: z.string().nullish(),
      validation_errors: z.array(z.object({ message: z.string().nullish() })).nullish(),
    })
    .nullish(),
})
export type WireHostname = z.output<typeof wireHostname>

export const wireOne = z.object({ success: z.literal(true), result: wireHostname })
export const wireList = z.object({ success: z.literal(true), result: z.array(wireHostname) })
export const wireErrors = z.object({ errors: z.array(z.object({ code: z.number().int() })) })

const SAID_COUNT_MAX = 3
const SAID_LENGTH_MAX = 300

export const edgeHostnameOf = (wire: WireHostname): EdgeHostname => ({
  externalId: wire.id,
  hostname: wire.hostname.toLowerCase(),
  state: stateOf(wire.status),
  certificate: certificateOf(wire.ssl?.status),
  said: [
    ...(wire.verification_errors ?? []).filter((one) => typeof one === 'string'),
    ...(wire.ssl?.validation_errors ?? []).map(({ message }) => message ?? ''),
  ]
    .filter((text) => text !== '')
    .slice(0, SAID_COUNT_MAX)
    .map((text) => text.slice(0, SAID_LENGTH_MAX)),
})

/** What Cloudflare calls the state of a custom hostname (API reference, "Custom Hostname Details", `status`). */
const stateOf = (status: string | null | undefined): EdgeHostname['state'] => {
  switch (status) {
    // Newly made ones may come without a state.
    case null:
    case undefined:
    case 'pending':
    case 'pending_migration':
    case 'pending_provisioned':
    case 'provisioned':
    case 'test_pending':
      return 'pending'
    case 'active':
    case 'active_redeploying':
    case 'test_active':
    case 'test_active_apex':
      return 'active'
    case 'pending_blocked':
    case 'blocked':
    case 'test_blocked':
    case 'test_failed':
      return 'blocked'
    case 'moved':
      return 'moved'
    case 'pending_deletion':
    case 'deleted':
      return 'gone'
    default:
      throw unknown('state', status)
  }
}

/** The same of its certificate (`ssl.status`). One that is being replaced still serves. */
const certificateOf = (status: string | null | undefined): EdgeHostname['certificate'] => {
  switch (status) {
    case null:
    case undefined:
    case 'initializing':
    case 'pending_validation':
    case 'pending_issuance':
    case 'pending_deployment':
    case 'holding_deployment':
    case 'staging_deployment':
    case 'staging_active':
    case 'pending_cleanup':
      return 'pending'
    case 'active':
    case 'backup_issued':
    case 'pending_expiration':
      return 'active'
    case 'expired':
    case 'initializing_timed_out':
    case 'validation_timed_out':
    case 'issuance_timed_out':
    case 'deployment_timed_out':
    case 'deletion_timed_out':
    case 'pending_deletion':
    case 'deleted':
    case 'deactivating':
    case 'inactive':
      return 'failed'
    default:
      throw unknown('certificate', status)
  }
}

const unknown = (what: string, status: string) =>
  new ConnectorFault('rejected', vendor, `Cloudflare named a ${what} that is not known here: ${status.slice(0, 60)}.`)
