import { api, body } from '../api/client.ts'
import type { MicrosoftLink } from '../api/shapes.ts'
import { microsoftOutcomes, type MicrosoftOutcome } from '../words/microsoft.ts'

/** Where the secret of an invitation waits while its owner is at Microsoft: addresses with it are not sent anywhere. */
const invitationKey = 'invitation'

/** Goes to Microsoft to sign in and come back to this page; with an invitation, to accept it that way. */
export async function goToMicrosoft(invitation?: string): Promise<void> {
  const asked =
    invitation === undefined ? { returnTo: `${location.pathname}${location.search}` } : { returnTo: '/', invitation }
  const { url } = body(await api.POST('/api/auth/microsoft', { body: asked }))
  if (invitation !== undefined) sessionStorage.setItem(invitationKey, invitation)
  location.assign(url)
  // The button stays busy until Microsoft's page replaces this one.
  await new Promise(() => undefined)
}

export const invitationUnderWay = (): string | null => sessionStorage.getItem(invitationKey)

export type { MicrosoftLink } from '../api/shapes.ts'

/** The account that one signs in with. */
export async function readMicrosoftLink(): Promise<MicrosoftLink> {
  return body(await api.GET('/api/auth/microsoft/link'))
}

/** Goes to Microsoft to link an account, and comes back to this page. Whoever has a password gives it: throws 422 at /password. */
export async function linkMicrosoft(password?: string): Promise<void> {
  const returnTo = `${location.pathname}${location.search}`
  location.assign(
    body(
      await api.POST('/api/auth/microsoft/link', {
        body: { returnTo, ...(password === undefined ? {} : { password }) },
      }),
    ).url,
  )
  await new Promise(() => undefined)
}

export async function unlinkMicrosoft(): Promise<void> {
  await api.DELETE('/api/auth/microsoft/link')
}

/** How it ended at Microsoft, where one comes back from there. Told once: it is taken out of the address. */
export function takeOutcome(): MicrosoftOutcome | undefined {
  const query = new URLSearchParams(location.search)
  const reason = query.get('microsoft')
  if (reason === null) return undefined
  query.delete('microsoft')
  const rest = query.size === 0 ? '' : `?${query.toString()}`
  history.replaceState(history.state, '', `${location.pathname}${rest}${location.hash}`)
  return microsoftOutcomes.find((one) => one === reason)
}
