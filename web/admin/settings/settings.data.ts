import type { MailSender, MailSenderInput, Organisation, OrganisationInput } from '../../api/shapes.ts'
import { api, body, ifMatch } from '../../api/client.ts'

export type { MailSender, Organisation } from '../../api/shapes.ts'

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
