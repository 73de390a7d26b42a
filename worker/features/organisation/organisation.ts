import type { z } from '@hono/zod-openapi'
import { msps } from '../../../db/shard/schema.ts'
import { refuseUnexpected } from '../../http/if-match.ts'
import type { Expected } from '../../http/if-match.ts'
import { revised } from '../../tenancy/revised.ts'
import type { MspScope } from '../../tenancy/scope.ts'
import type { MailSenderInput } from './mail-sender.schema.ts'
import { mailSenderOf } from './mail-sender.ts'
import type { MailSenderRows } from './mail-sender.ts'
import type { BrandInput, OrganisationInput, SignInSettingsInput } from './organisation.schema.ts'

export type OrganisationRow = typeof msps.$inferSelect

/** The MSP's own row: its organisation, default brand and mail sender. */
export const ownOrganisation = (msp: MspScope): Promise<OrganisationRow> => msp.find(msps, msp.mspId, 'organisation')

/** Replaces who the MSP is and how to reach it. Problem `stale`. */
export const saveOrganisation = (msp: MspScope, input: z.infer<typeof OrganisationInput>, wanted: Expected) =>
  save(msp, 'settings.organisation_changed', wanted, {
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
export const saveBrand = (msp: MspScope, input: z.infer<typeof BrandInput>, wanted: Expected) =>
  save(msp, 'settings.brand_changed', wanted, {
    primaryColour: input.primaryColour,
    accentColour: input.accentColour,
    homepage: input.homepage,
  })

/** Replaces whom mails come from. Problem `stale`. */
export const saveMailSender = async (
  msp: MspScope,
  input: z.infer<typeof MailSenderInput>,
  wanted: Expected,
): Promise<MailSenderRows> => {
  const { house: before, ...sender } = await mailSenderOf(msp)
  const house = await replace(msp, 'settings.mail_changed', before, wanted, {
    mailFromName: input.fromName,
    mailReplyTo: input.replyTo,
  })
  return { house, ...sender }
}

/** Replaces how people of the portals first sign in. Problem `stale`. */
export const saveSignInSettings = (msp: MspScope, input: z.infer<typeof SignInSettingsInput>, wanted: Expected) =>
  save(msp, 'settings.sign_in_changed', wanted, { signInPolicy: input.policy })

const save = async (
  msp: MspScope,
  action: `settings.${string}`,
  wanted: Expected,
  values: Values,
): Promise<OrganisationRow> => replace(msp, action, await ownOrganisation(msp), wanted, values)

type Values = Partial<Omit<OrganisationRow, 'mspId' | 'id' | 'version'>>

/** What is there already changes nothing. */
const replace = async (
  msp: MspScope,
  action: `settings.${string}`,
  before: OrganisationRow,
  wanted: Expected,
  values: Values,
): Promise<OrganisationRow> => {
  refuseUnexpected(before, wanted)
  const after = revised(before, values)
  if (after === before) return before
  await msp.commit(
    { action, subject: { kind: 'organisation', id: before.id, name: before.name } },
    msp.change(msps, before, values),
  )
  return after
}
