import type {
  MailSender,
  MailSenderInput,
  MailServerInput,
  MailTrial,
  FormerMicrosoftApp,
  MicrosoftAppInput,
  MicrosoftSecretInput,
  MicrosoftSettings,
  MicrosoftTrial,
  Organisation,
  OrganisationInput,
  SignInSettings,
} from '../../api/shapes.ts'
import { api, body, ifMatch } from '../../api/client.ts'

export type {
  FormerMicrosoftApp,
  MicrosoftSettings,
  MicrosoftTrial,
  MailSender,
  MailServer,
  MailServerInput,
  MailTrial,
  Organisation,
  SignInSettings,
} from '../../api/shapes.ts'

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

/** Mails a link to the address; mails come from it once somebody followed that. */
export async function nameMailAddress({ address: before }: MailSender, address: string): Promise<void> {
  await api.PUT('/api/msp-portal/settings/mail/address', {
    ...(before === null ? {} : { headers: ifMatch(before.version) }),
    body: { address },
  })
}

export async function dropMailAddress({ address }: MailSender): Promise<void> {
  const options = address === null ? {} : { headers: ifMatch(address.version) }
  await api.DELETE('/api/msp-portal/settings/mail/address', options)
}

/** Spends the secret of the link that was mailed. */
export async function verifyMailAddress(token: string): Promise<void> {
  await api.POST('/api/msp-portal/settings/mail/address/verification', { body: { token } })
}

export async function saveMailServer({ server }: MailSender, input: MailServerInput): Promise<void> {
  await api.PUT('/api/msp-portal/settings/mail/server', {
    ...(server === null ? {} : { headers: ifMatch(server.version) }),
    body: input,
  })
}

export async function dropMailServer({ server }: MailSender): Promise<void> {
  const options = server === null ? {} : { headers: ifMatch(server.version) }
  await api.DELETE('/api/msp-portal/settings/mail/server', options)
}

export async function tryMail(): Promise<MailTrial> {
  return body(await api.POST('/api/msp-portal/settings/mail/test'))
}

export async function readMicrosoftSettings(): Promise<MicrosoftSettings> {
  return body(await api.GET('/api/msp-portal/settings/microsoft'))
}

export async function saveMicrosoftApp({ app }: MicrosoftSettings, input: MicrosoftAppInput): Promise<void> {
  await api.PUT('/api/msp-portal/settings/microsoft', {
    ...(app === null ? {} : { headers: ifMatch(app.version) }),
    body: input,
  })
}

export async function dropMicrosoftApp({ app }: MicrosoftSettings): Promise<void> {
  await api.DELETE('/api/msp-portal/settings/microsoft', app === null ? {} : { headers: ifMatch(app.version) })
}

export async function dropFormerMicrosoftApp({ id, version }: FormerMicrosoftApp): Promise<void> {
  await api.DELETE('/api/msp-portal/settings/microsoft/former-apps/{appId}', {
    params: { path: { appId: id } },
    headers: ifMatch(version),
  })
}

export async function renewFormerMicrosoftSecret(
  { id, version }: FormerMicrosoftApp,
  input: MicrosoftSecretInput,
): Promise<void> {
  await api.PUT('/api/msp-portal/settings/microsoft/former-apps/{appId}/secret', {
    params: { path: { appId: id } },
    headers: ifMatch(version),
    body: input,
  })
}

export async function tryFormerMicrosoftApp({ id }: FormerMicrosoftApp): Promise<MicrosoftTrial> {
  return body(
    await api.POST('/api/msp-portal/settings/microsoft/former-apps/{appId}/test', { params: { path: { appId: id } } }),
  )
}

export async function tryMicrosoftApp(): Promise<MicrosoftTrial> {
  return body(await api.POST('/api/msp-portal/settings/microsoft/test'))
}
