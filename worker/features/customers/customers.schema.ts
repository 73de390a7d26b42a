import { z } from '@hono/zod-openapi'
import { contactAccess, healthLevels, portalStates } from '../../../db/shard/schema.ts'
import type { customers } from '../../../db/shard/schema.ts'
import type { Environment } from '../../env.ts'
import { now } from '../../clock.ts'
import { listOf, listQuery } from '../../http/paging.ts'
import { isoMoment, optionalEmail, optionalLine, optionalText, requiredLine } from '../../http/text.ts'
import { presentReasons } from '../health/index.ts'
import { customerSorts } from './customer-order.ts'
import type { PortalAdmin as Admin } from './customers.ts'

export const CustomerInput = z
  .strictObject({
    name: requiredLine(120, 'Enter the customer’s name.'),
    email: optionalEmail,
    phone: optionalLine(40),
    address: optionalText(300),
    notes: optionalText(5000),
    /** What the MSP's PSA calls this customer. */
    psaId: optionalLine(60),
  })
  .openapi('CustomerInput')

export const CustomerCreation = CustomerInput.extend({
  /** Creates the portal at once, at `<prefix>.<base>`: the customer's e-mail becomes its admin, who is invited. */
  portalPrefix: z.string().max(200).nullable().default(null),
  /** What the portal admin is called; made from the e-mail when left out. */
  portalAdminName: optionalLine(120),
}).openapi('CustomerCreation')

/** At most as many as fit one page. */
export const ArchivalInput = z
  .strictObject({
    customerIds: z.array(z.string().max(60)).min(1, 'Name at least one customer.').max(200, 'At most 200 at once.'),
    /** True puts them away, false brings them back. */
    archived: z.boolean(),
  })
  .openapi('CustomerArchivalInput')

export const ArchivalResults = z
  .object({
    items: z.array(
      z.object({ customerId: z.string(), result: z.enum(['archived', 'restored', 'unchanged', 'missing']) }),
    ),
  })
  .openapi('CustomerArchivalResults')

const Level = z.enum(healthLevels)

export const CustomerQuery = listQuery(customerSorts).extend({
  /** At least two characters: the beginnings of words in name, contacts, domains or PSA id. */
  q: z.string().max(100).optional(),
  /** `active` are all that are not archived, disabled ones among them. */
  state: z.enum(['active', 'archived']).default('active'),
  /** One of these, given once or several times. */
  health: z.union([Level.transform((level) => [level]), z.array(Level).max(healthLevels.length)]).optional(),
  /** Those whose health is red or amber. */
  problems: z
    .literal('true')
    .transform(() => true)
    .optional(),
  portal: z.enum(portalStates).optional(),
})

export const DeletionQuery = z.strictObject({
  /** Confirms that what was merged into it, and could still be taken apart again, goes with it. */
  endsMerges: z
    .literal('true')
    .transform(() => true)
    .optional(),
})

export const AlikeQuery = z.strictObject({
  name: z.string().max(120).optional(),
  email: z.string().max(254).optional(),
  /** The customer that is being changed, which is not alike itself. */
  except: z.string().max(60).optional(),
})

export const AlikeList = z
  .object({
    items: z.array(
      z.object({
        id: z.string(),
        name: z.string(),
        state: z.enum(['active', 'disabled', 'archived']),
        because: z.array(z.enum(['name', 'domain'])).min(1),
      }),
    ),
  })
  .openapi('CustomersAlike')

export const HealthReason = z
  .object({
    level: z.enum(healthLevels),
    tenantName: z.string(),
    since: z.iso.datetime().nullable(),
    /** In a few words: "2 seats over". */
    text: z.string(),
    detail: z.string(),
    /** What would turn it green. */
    remedy: z.string(),
  })
  .openapi('HealthReason')

export const Health = z
  .object({
    level: z.enum(healthLevels),
    since: z.iso.datetime().nullable(),
    asOf: z.iso.datetime().nullable(),
    reasons: z.array(HealthReason),
  })
  .openapi('Health')

const summary = {
  id: z.string(),
  name: z.string(),
  state: z.enum(['active', 'disabled', 'archived']),
  primaryContactName: z.string().nullable(),
  email: z.string().nullable(),
  tenantCount: z.number().int(),
  contactCount: z.number().int(),
  licensedUserCount: z.number().int(),
  health: Health,
  portal: z.object({ state: z.enum(portalStates), host: z.string().nullable(), url: z.string().nullable() }),
  psaId: z.string().nullable(),
  createdAt: z.iso.datetime(),
}

export const CustomerSummary = z.object(summary).openapi('CustomerSummary')
export const CustomerList = listOf(CustomerSummary, 'CustomerList').extend({
  /** A search reads at most 200 words; when there are more matches than it read, it says so. */
  truncated: z.boolean(),
})

/** Whom a customer's e-mail names as the admin of its portal. */
export const PortalAdmin = z
  .object({
    contactId: z.string(),
    name: z.string(),
    email: z.string().nullable(),
    access: z.enum(contactAccess),
    /** Not confirmed yet: the invitation has not been accepted. */
    isPending: z.boolean(),
    /** The admin before, whom undoing the change brings back; null when there is nothing to undo. */
    formerEmail: z.string().nullable(),
  })
  .openapi('PortalAdmin')

export const Customer = z
  .object({
    ...summary,
    portalAdmin: PortalAdmin.nullable(),
    phone: z.string().nullable(),
    address: z.string().nullable(),
    notes: z.string().nullable(),
    version: z.number().int(),
  })
  .openapi('Customer')

type Row = typeof customers.$inferSelect

export const presentSummary = (row: Row, environment: Environment): z.infer<typeof CustomerSummary> => ({
  id: row.id,
  name: row.name,
  state: row.state,
  primaryContactName: row.primaryContactName,
  email: row.email,
  tenantCount: row.tenantCount,
  contactCount: row.contactCount,
  licensedUserCount: row.licensedUserCount,
  health: {
    level: healthLevels[row.healthRank] ?? 'grey',
    since: isoMoment(row.healthSince),
    asOf: isoMoment(row.healthAsOf),
    reasons: presentReasons(row.healthReasons, now()),
  },
  portal: {
    state: row.portalState,
    host: row.portalHost,
    url: row.portalHost === null ? null : environment.originOf(row.portalHost),
  },
  psaId: row.psaId,
  createdAt: new Date(row.createdAt).toISOString(),
})

export const presentCustomer = (
  row: Row,
  admin: Admin | undefined,
  environment: Environment,
): z.infer<typeof Customer> => ({
  ...presentSummary(row, environment),
  portalAdmin: admin === undefined ? null : presentAdmin(admin),
  phone: row.phone,
  address: row.address,
  notes: row.notes,
  version: row.version,
})

const presentAdmin = ({
  id,
  name,
  email,
  access,
  confirmedAt,
  formerAdminEmail,
}: Admin): z.infer<typeof PortalAdmin> => ({
  contactId: id,
  name,
  email,
  access,
  isPending: confirmedAt === null,
  formerEmail: confirmedAt === null ? formerAdminEmail : null,
})
