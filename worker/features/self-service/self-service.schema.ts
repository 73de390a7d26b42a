import { z } from '@hono/zod-openapi'
import { approverRoles, requestAskers, requestModes, staffRoles } from '../../../db/shard/schema.ts'
import { modesOf } from '../../tenancy/policy.ts'
import { saidInForce } from './said.ts'
import type { CustomerSelfServiceFound, NameableRow, SelfServiceFound } from './self-service.ts'

/** Longer ago nobody remembers what was asked for. */
const WAIT_DAYS_MAX = 90
const APPROVER_COUNT_MAX = 50

const read = z.enum(['off', 'direct'], 'Choose off or direct: to look at something needs no approval.')
const form = z.enum(requestModes, 'Choose off, direct or approval.')
const leaving = z.enum(modesOf('offboarding'), 'Choose off or approval: nobody is let go without one.')
const asker = z.enum(requestAskers)

const actions = {
  see_directory: read.describe('To see the company’s people.'),
  see_licences: read.describe('To see what is bought and used, for portal users; portal admins do in any case.'),
  download_reports: read.describe('To look at reports and take them along, for portal admins.'),
  create_tickets: read.describe('To write tickets.'),
  new_user: form.describe('To ask for an account for somebody new.'),
  offboarding: leaving.describe('To say that somebody leaves.'),
  password_reset: form.describe('To ask for somebody’s password to be set anew.'),
  licence_change: form.describe('To ask for seats, or for somebody to be given or to lose one.'),
  group_change: form.describe('To ask for a change of who is in a group.'),
}
const askers = {
  new_user: asker.describe('Who may ask for an account for somebody new.'),
  offboarding: asker.describe('Who may say that somebody leaves.'),
  password_reset: asker.describe('Who may ask for somebody’s password to be set anew.'),
  licence_change: asker.describe('Who may ask for seats, among those who see licences.'),
  group_change: asker.describe('Who may ask for a change of who is in a group.'),
}
const customerApproves = z.boolean().describe('Whether a portal admin of the customer approves first.')
const approverRole = z.enum(approverRoles).describe('From which role on staff approve.')
const approverIds = z
  .array(z.string().max(60))
  .min(1, 'Choose somebody, or leave it to the role.')
  .max(APPROVER_COUNT_MAX, `At most ${APPROVER_COUNT_MAX}.`)
  .nullable()
  .describe('Staff who approve in place of everybody of that role, beside owners; null for everybody.')
const waitDays = z
  .number('Enter a number of days.')
  .int('Enter a whole number.')
  .min(1, 'Enter 1 day or more.')
  .max(WAIT_DAYS_MAX, `At most ${WAIT_DAYS_MAX} days.`)
  .describe('For how many days a request waits for an approval before it expires.')

export const SelfServiceInput = z
  .strictObject({
    actions: z.strictObject(actions).describe('What customers’ people do by themselves.'),
    askers: z.strictObject(askers).describe('Who of a company may ask for what.'),
    customerApproves,
    approverRole,
    approverIds,
    waitDays,
  })
  .openapi('SelfServiceInput')

/** Each of these or null. */
const orNull = <Shape extends Record<string, z.ZodType>>(shape: Shape) =>
  Object.fromEntries(
    Object.entries(shape).map(([key, one]) => [key, one.nullable().describe(one.description ?? '')]),
  ) as {
    [Key in keyof Shape]: z.ZodNullable<Shape[Key]>
  }

const own = {
  actions: z.strictObject(orNull(actions)).describe('What its people do by themselves; null for the MSP’s default.'),
  askers: z.strictObject(orNull(askers)).describe('Who of the company may ask for what; null for the MSP’s default.'),
  ...orNull({ customerApproves, approverRole }),
  approverIds: approverIds.describe(
    'Staff who approve in place of everybody of that role, beside owners. Null for everybody, and where `approverRole` is null.',
  ),
  ...orNull({ waitDays }),
}

export const CustomerSelfServiceInput = z
  .strictObject(own)
  .refine(({ approverRole: role, approverIds: ids }) => role !== null || ids === null, {
    path: ['approverIds'],
    message: 'Say from which role on, too: names go with it.',
  })
  .openapi('CustomerSelfServiceInput')

const inForce = {
  actions: z.object(actions),
  askers: z.object(askers),
  customerApproves: z.boolean(),
  approverRole: z.enum(approverRoles),
  approverIds: z.array(z.string()).nullable(),
  waitDays: z.number().int(),
}
const InForce = z.object(inForce).openapi('SelfServiceInForce')

const people = z
  .array(
    z.object({
      id: z.string(),
      name: z.string(),
      role: z.enum(staffRoles),
      isActive: z.boolean().describe('Whether they can sign in and approve; whoever cannot is not chosen anew.'),
    }),
  )
  .describe('Staff who can be named to approve, and whoever is named.')
const version = z.number().int().describe('0 as long as nothing was ever said.')

export const SelfService = z.object({ ...inForce, people, version }).openapi('SelfService')

export const CustomerSelfService = z
  .object({
    own: z.object(own).describe('What the customer has otherwise; null is as the MSP’s default.'),
    standard: InForce.describe('The MSP’s default.'),
    inForce: InForce.describe('What holds for the customer.'),
    people,
    version,
  })
  .openapi('CustomerSelfService')

export const presentSelfService = ({
  policy,
  people: named,
  version: at,
}: SelfServiceFound): z.infer<typeof SelfService> => ({
  ...saidInForce(policy),
  people: named.map(presentPerson),
  version: at,
})

export const presentCustomerSelfService = (found: CustomerSelfServiceFound): z.infer<typeof CustomerSelfService> => ({
  own: found.said,
  standard: saidInForce(found.standard),
  inForce: saidInForce(found.policy),
  people: found.people.map(presentPerson),
  version: found.version,
})

const presentPerson = ({ id, name, role, isActive }: NameableRow) => ({ id, name, role, isActive })
