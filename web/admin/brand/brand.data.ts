import type { Portal, PortalDefaults, PortalDefaultsInput, PortalInput, Tone } from '../../api/assumed.ts'
import { api, body, ifMatch } from '../../api/client.ts'
import { ProblemError } from '../../api/problem.ts'

export type {
  BrandInput,
  Logo,
  Portal,
  PortalDefaults,
  PortalDefaultsInput,
  PortalInput,
  Tone,
} from '../../api/assumed.ts'

/** A customer's portal, or null when it never had one. */
export async function readPortal(customerId: string): Promise<{ portal: Portal | null }> {
  try {
    return { portal: body(await api.GET('/api/msp-portal/customers/{customerId}/portal', at(customerId))) }
  } catch (error) {
    if (error instanceof ProblemError && error.status === 404) return { portal: null }
    throw error
  }
}

/** Saves a portal, or gives the customer its first one. */
export async function savePortal(customerId: string, before: Portal | null, input: PortalInput): Promise<Portal> {
  return body(
    await api.PUT('/api/msp-portal/customers/{customerId}/portal', {
      ...at(customerId),
      headers: before ? ifMatch(before.version) : {},
      body: input,
    }),
  )
}

export async function closePortal(customerId: string): Promise<void> {
  await api.PUT('/api/msp-portal/customers/{customerId}/portal/closure', at(customerId))
}

export async function reopenPortal(customerId: string): Promise<void> {
  await api.DELETE('/api/msp-portal/customers/{customerId}/portal/closure', at(customerId))
}

export async function savePortalLogo(customerId: string, picture: Blob): Promise<void> {
  await api.PUT('/api/msp-portal/customers/{customerId}/portal/logo', { ...at(customerId), ...raw(picture) })
}

export async function removePortalLogo(customerId: string): Promise<void> {
  await api.DELETE('/api/msp-portal/customers/{customerId}/portal/logo', at(customerId))
}

export async function readDefaults(): Promise<PortalDefaults> {
  return body(await api.GET('/api/msp-portal/settings/portal'))
}

export async function saveDefaults(before: PortalDefaults, input: PortalDefaultsInput): Promise<PortalDefaults> {
  return body(await api.PUT('/api/msp-portal/settings/portal', { headers: ifMatch(before.version), body: input }))
}

export async function saveDefaultLogo(picture: Blob): Promise<void> {
  await api.PUT('/api/msp-portal/settings/portal/logo', raw(picture))
}

export async function removeDefaultLogo(): Promise<void> {
  await api.DELETE('/api/msp-portal/settings/portal/logo')
}

/** What two colours become, with the contrast each tone reaches. */
export async function deriveTones(colours: { primaryColour: string; accentColour: string }): Promise<Tone[]> {
  return body(await api.POST('/api/msp-portal/tones', { body: colours })).tones
}

const at = (customerId: string) => ({ params: { path: { customerId } } })

// A file is its own body: no form around it, and its type says what it is.
const raw = (picture: Blob) => ({
  body: picture,
  bodySerializer: (blob: Blob) => blob,
  headers: { 'content-type': picture.type },
})
