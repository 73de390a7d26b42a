import type { z } from '@hono/zod-openapi'
import { msps } from '../../../db/shard/schema.ts'
import { stale } from '../../http/problem.ts'
import type { MspScope } from '../../tenancy/scope.ts'
import type { BrandInput, MailSenderInput, OrganisationInput } from './organisation.schema.ts'

export type OrganisationRow = typeof msps.$inferSelect

/** The MSP's own row: its organisation, default brand and mail sender. */
export const ownOrganisation = (msp: MspScope): Promise<OrganisationRow> => msp.find(msps, msp.mspId, 'organisation')

/** Replaces who the MSP is and how to reach it. Problem `stale`. */
export const saveOrganisation = (
  msp: MspScope,
  input: z.infer<typeof OrganisationInput>,
  expectedVersion: number | undefined,
) =>
  save(msp, 'settings.organisation_changed', expectedVersion, {
    name: input.name,
    helpPhone: input.helpPhone,
    helpEmail: input.helpEmail,
    helpHours: input.helpHours,
    address: input.address,
    timeZone: input.timeZone,
    locale: input.locale,
    currency: input.currency,
  })

/** Replaces the brand that portals have unless they set their own. Problem `stale`. */
export const saveBrand = (msp: MspScope, input: z.infer<typeof BrandInput>, expectedVersion: number | undefined) =>
  save(msp, 'settings.brand_changed', expectedVersion, {
    primaryColour: input.primaryColour,
    accentColour: input.accentColour,
    homepage: input.homepage,
  })

/** Replaces whom mails come from. Problem `stale`. */
export const saveMailSender = (
  msp: MspScope,
  input: z.infer<typeof MailSenderInput>,
  expectedVersion: number | undefined,
) => save(msp, 'settings.mail_changed', expectedVersion, { mailFromName: input.fromName, mailReplyTo: input.replyTo })

const save = async (
  msp: MspScope,
  action: `settings.${string}`,
  expectedVersion: number | undefined,
  values: Partial<Omit<OrganisationRow, 'mspId' | 'id' | 'version'>>,
): Promise<OrganisationRow> => {
  const before = await ownOrganisation(msp)
  if (expectedVersion !== undefined && before.version !== expectedVersion) throw stale()
  await msp.commit(
    { action, subject: { kind: 'organisation', id: before.id, name: before.name } },
    msp.change(msps, before, values),
  )
  return { ...before, ...values, version: before.version + 1 }
}
