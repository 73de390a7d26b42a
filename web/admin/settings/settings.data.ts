import type { MailSender, MailSenderInput, Organisation, OrganisationInput, SignInSettings } from '../../api/shapes.ts'
import { api, body, ifMatch } from '../../api/client.ts'

export type { MailSender, Organisation, SignInSettings } from '../../api/shapes.ts'

export async function readOrganisation(): Promise<Organisation> {
  return body(await api.GET('/api/msp-portal/settings/organisation'))
}

export async function saveOrganisation(before: Organisation, input: OrganisationInput): Promise<Organisation> {
  return body(await api.PUT('/api/msp-portal/settings/organisation', { headers: ifMatch(before.version), body: input }))
}

export async function readMailSender(): Promise<MailSender> {
  return body(await api.GET('/api/msp-portal/settings/mail'))
}

export async function saveMailSender(before: MailSender, input: MailSenderInput): Promise<MailSender> {
  return body(await api.PUT('/api/msp-portal/settings/mail', { headers: ifMatch(before.version), body: input }))
}

export async function readSignInSettings(): Promise<SignInSettings> {
  return body(await api.GET('/api/msp-portal/settings/sign-in'))
}

export async function saveSignInSettings(
  before: SignInSettings,
  policy: SignInSettings['policy'],
): Promise<SignInSettings> {
  return body(await api.PUT('/api/msp-portal/settings/sign-in', { headers: ifMatch(before.version), body: { policy } }))
}
