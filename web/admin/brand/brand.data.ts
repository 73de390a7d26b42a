import type { Brand, BrandInput, Portal, PortalDirectory, PortalSettings, Tones } from '../../api/shapes.ts'
import { api, body, ifMatch } from '../../api/client.ts'
import { ProblemError } from '../../api/problem.ts'

export type { Brand, Logo, Portal, Tone, Tones } from '../../api/shapes.ts'

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
export async function savePortal(customerId: string, before: Portal | null, input: PortalSettings): Promise<Portal> {
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

/** Says how people of a portal first sign in; null is as the MSP has it. */
export async function savePortalSignIn(
  customerId: string,
  before: Portal,
  policy: Portal['signInPolicy'],
): Promise<void> {
  await api.PUT('/api/msp-portal/customers/{customerId}/portal/sign-in', {
    ...at(customerId),
    headers: ifMatch(before.version),
    body: { policy },
  })
}

/** Says what the portal shows of its company's directory. */
export async function savePortalDirectory(
  customerId: string,
  before: Portal,
  directory: PortalDirectory,
): Promise<void> {
  await api.PUT('/api/msp-portal/customers/{customerId}/portal/directory', {
    ...at(customerId),
    headers: ifMatch(before.version),
    body: directory,
  })
}

export async function savePortalLogo(customerId: string, before: Portal, picture: Blob): Promise<void> {
  await api.PUT('/api/msp-portal/customers/{customerId}/portal/logo', {
    ...at(customerId),
    ...raw(picture, before.version),
  })
}

export async function removePortalLogo(customerId: string, before: Portal): Promise<void> {
  await api.DELETE('/api/msp-portal/customers/{customerId}/portal/logo', {
    ...at(customerId),
    headers: ifMatch(before.version),
  })
}

export async function readDefaults(): Promise<Brand> {
  return body(await api.GET('/api/msp-portal/settings/brand'))
}

export async function saveDefaults(before: Brand, input: BrandInput): Promise<Brand> {
  return body(await api.PUT('/api/msp-portal/settings/brand', { headers: ifMatch(before.version), body: input }))
}

export async function saveDefaultLogo(before: Brand, picture: Blob): Promise<void> {
  await api.PUT('/api/msp-portal/settings/brand/logo', raw(picture, before.version))
}

export async function removeDefaultLogo(before: Brand): Promise<void> {
  await api.DELETE('/api/msp-portal/settings/brand/logo', { headers: ifMatch(before.version) })
}

/** What two colours become, with the contrast each tone reaches. */
export async function deriveTones(colours: { primaryColour: string; accentColour: string }): Promise<Tones> {
  return body(await api.POST('/api/msp-portal/tones', { body: colours }))
}

const at = (customerId: string) => ({ params: { path: { customerId } } })

// A file is its own body: no form around it, and its type says what it is. The generated types call a binary body a
// string; the serializer hands on the picture itself, so that string is never made.
const raw = (picture: Blob, version: number) => ({
  body: '',
  bodySerializer: () => picture,
  headers: { 'content-type': picture.type, ...ifMatch(version) },
})
