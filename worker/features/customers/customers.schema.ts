import { z } from '@hono/zod-openapi'
import { contactAccess, healthLevels, portalStates } from '../../../db/shard/schema.ts'
import type { customers } from '../../../db/shard/schema.ts'
import type { Environment } from '../../env.ts'
import { now } from '../../clock.ts'
import { listOf, listQuery } from '../../http/paging.ts'
import { isoMoment, optionalEmail, optionalLine, optionalText, requiredLine } from '../../http/text.ts'
import { levelOf, presentReasons } from '../health/index.ts'
import { customerSorts } from './customer-order.ts'
import type { PortalAdmin as Admin } from './customers.ts'

export const CustomerInput = z
  .strictObject({
    name: requiredLine(120, 'Enter the customer’s name.').describe('What the customer is called.'),
    email: optionalEmail.describe('The primary contact’s address; it names the admin of the customer’s portal.'),
    phone: optionalLine(40).describe('As it is to be shown.'),
    address: optionalText(300).describe('The postal address, on as many lines as it has.'),
    notes: optionalText(5000).describe('For the MSP alone; never shown to the customer.'),
    psaId: optionalLine(60).describe("What the MSP's PSA calls this customer."),
  })
  .openapi('CustomerInput')

/** Spelled out, not extended: of two shapes that both refuse what they do not name, nothing could be both. */
export const CustomerCreation = z
  .strictObject({
    ...CustomerInput.shape,
    portalPrefix: z
      .string()
      .max(200)
      .nullable()
      .default(null)
      .describe(
        "Creates the portal at once, at `<prefix>.<base>`: the customer's e-mail becomes its admin, who is invited.",
      ),
    portalAdminName: optionalLine(120).describe('What the portal admin is called; made from the e-mail when left out.'),
  })
  .openapi('CustomerCreation')

/** At most as many as fit one page. */
export const ArchivalInput = z
  .strictObject({
    customerIds: z
      .array(z.string().max(60))
      .min(1, 'Name at least one customer.')
      .max(200, 'At most 200 at once.')
      .describe('The ids of the customers; one that is not there is answered as `missing`.'),
    archived: z.boolean().describe('True puts them away, false brings them back.'),
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
  q: z
    .string()
    .max(100)
    .optional()
    .describe('At least two characters: the beginnings of words in name, contacts, domains or PSA id.'),
  state: z
    .enum(['active', 'archived'])
    .default('active')
    .describe('`active` are all that are not archived, disabled ones among them.'),
  health: z
    .union([Level.transform((level) => [level]), z.array(Level).max(healthLevels.length)])
    .optional()
    .describe('One of these, given once or several times.'),
  problems: z
    .literal('true')
    .transform(() => true)
    .optional()
    .describe('Those whose health is red or amber.'),
  portal: z
    .enum(portalStates)
    .optional()
    .describe('Those whose portal is in this state; `none` are those without one.'),
})

export const DeletionQuery = z.strictObject({
  endsMerges: z
    .literal('true')
    .transform(() => true)
    .optional()
    .describe('Confirms that what was merged into it, and could still be taken apart again, goes with it.'),
})

export const AlikeQuery = z.strictObject({
  name: z.string().max(120).optional().describe('The name as far as it is typed.'),
  email: z.string().max(254).optional().describe('The e-mail as far as it is typed; its domain is compared.'),
  except: z.string().max(60).optional().describe('The customer that is being changed, which is not alike itself.'),
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
    text: z.string().describe('In a few words: "2 seats over".'),
    detail: z.string(),
    remedy: z.string().describe('What would turn it green.'),
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
  truncated: z
    .boolean()
    .describe('A search reads at most 200 words; when there are more matches than it read, it says so.'),
})

/** Whom a customer's e-mail names as the admin of its portal. */
export const PortalAdmin = z
  .object({
    contactId: z.string(),
    name: z.string(),
    email: z.string().nullable(),
    access: z.enum(contactAccess),
    isPending: z.boolean().describe('Not confirmed yet: the invitation has not been accepted.'),
    formerEmail: z
      .string()
      .nullable()
      .describe('The admin before, whom undoing the change brings back; null when there is nothing to undo.'),
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
    level: levelOf(row.healthRank),
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
