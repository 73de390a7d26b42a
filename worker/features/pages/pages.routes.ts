import { eq, sql } from 'drizzle-orm'
import { Hono } from 'hono'
import type { Context } from 'hono'
import { sessions } from '../../../db/shard/schema.ts'
import type { OpenEnv } from '../../http/app.ts'
import { previewSession, previewTokenIn } from '../../http/preview.ts'
import { missing } from '../../http/problem.ts'
import { contactSession, groundFor, nobody, staffSession, tokenIn } from '../../http/session.ts'
import { escapeHtml, neutralNotFound, newNonce, shellPage } from '../../http/shell.ts'
import type { SessionToken } from '../../http/session.ts'
import type { Place } from '../../tenancy/directory.ts'
import { hashOf } from '../../tenancy/ids.ts'
import { rolesOf } from '../../tenancy/permissions.ts'
import { isReachable } from '../../tenancy/portal-life.ts'
import { forMsp } from '../../tenancy/scope.ts'
import type { MspScope } from '../../tenancy/scope.ts'
import { unreadOf, unreadRead } from '../bell/index.ts'
import { brandOf, logoAt, policyOf, portalFace } from '../portal-face/index.ts'
import { portalDescription } from './pages.words.ts'

type PortalPlace = Extract<Place, { kind: 'portal' }>

/** The pages of both apps: every one comes through the Worker, with name, brand and person in its first byte. */
export const pageRoutes = new Hono<OpenEnv>()

pageRoutes.get('/logo/:logoId', async (c) => {
  const door = await doorOf(c)
  if (door === undefined) throw missing('picture')
  const logo = await logoAt(door.msp, door.customerId, c.req.param('logoId'))
  const object = await c.var.environment.files.get(logo.objectKey)
  if (object === null) throw missing('picture')
  return new Response(object.body, {
    headers: {
      'content-type': logo.mediaType,
      'content-length': String(logo.byteCount),
      // A changed logo has another id, so this one may be kept; by the browser alone, never by a cache between hosts.
      'cache-control': 'private, max-age=31536000, immutable',
      'content-security-policy': "default-src 'none'; sandbox",
      // Mails show it, and those are read in a browser at other addresses than a portal's.
      'cross-origin-resource-policy': 'cross-origin',
    },
  })
})

pageRoutes.get('/favicon.svg', async (c) => {
  const { place } = c.var
  if (place.kind !== 'portal') return svg(iconSvg('P', '#3a5488', '#ffffff', 7))
  return svg(await portalIcon(c, place, 7))
})

// Systems cut an installed app's icon to their own shape, so it fills its square.
pageRoutes.get('/icon.svg', async (c) => {
  const { place } = c.var
  if (place.kind !== 'portal') throw missing('picture')
  return svg(await portalIcon(c, place, 0))
})

// A portal installs as the customer's own app.
pageRoutes.get('/manifest.webmanifest', async (c) => {
  const { place } = c.var
  const face = place.kind === 'portal' ? await openFaceAt(c, place) : undefined
  if (face === undefined) throw missing('page')
  const { light } = brandOf(face.msp, face.portal)
  const name = nameOf(face)
  const icon = (src: string, purpose: 'any' | 'maskable') => ({ src, type: 'image/svg+xml', sizes: 'any', purpose })
  const manifest = {
    id: '/',
    name,
    short_name: name,
    description: portalDescription,
    lang: face.msp.locale,
    start_url: '/',
    scope: '/',
    display: 'standalone',
    theme_color: light['--brand'],
    background_color: light['--surface-page'],
    icons: [icon('/favicon.svg', 'any'), icon('/icon.svg', 'maskable')],
  }
  return new Response(JSON.stringify(manifest), {
    headers: { 'content-type': 'application/manifest+json', 'cache-control': 'private, max-age=300' },
  })
})

pageRoutes.get('*', async (c) => {
  const { place } = c.var
  const nonce = newNonce()
  if (c.req.path.startsWith('/api') || c.req.path.startsWith('/webhooks') || /\.[a-z0-9]{1,8}$/i.test(c.req.path))
    throw missing('page')
  switch (place.kind) {
    case 'admin':
      return adminPage(c, nonce)
    case 'portal':
      return portalPage(c, place, nonce)
    case 'sign-in':
      return neutralNotFound(nonce)
  }
})

const adminPage = async (c: Context<OpenEnv>, nonce: string): Promise<Response> => {
  const { environment, place } = c.var
  const token = tokenIn(c, environment)
  const id = token === undefined ? '' : await hashOf(token.secret)
  const session = await staffSession(c.var, place, token, (msp) => ({
    selects: [unreadInSession(msp, id, 'staffId')],
  }))
  const [unread] = session?.alongside ?? []
  const boot = {
    kind: 'admin',
    msp: session === undefined ? null : { name: session.house.name },
    person:
      session === undefined
        ? null
        : {
            id: session.staff.staffId,
            name: session.staff.name,
            email: session.staff.email,
            role: session.staff.role,
            may: [...session.staff.permissions],
            mustSetUpTwoStep: session.mustSetUpTwoStep,
            unread: unreadOf(unread as unknown[]),
          },
    portalSuffix: environment.PORTAL_SUFFIX,
    portalOrigin: { scheme: environment.PUBLIC_SCHEME, port: environment.PUBLIC_PORT },
    signUp: environment.SIGN_UP,
  }
  const style = brandOf({ primaryColour: '#3a5488', accentColour: '#8a6d1f' }, null).style
  const title = session === undefined ? 'Sign in' : session.house.name
  const page = { title, style, icon: '/favicon.svg', boot, isSignedIn: session !== undefined }
  return shellPage(environment, 'admin.html', page, nonce)
}

const portalPage = async (c: Context<OpenEnv>, place: PortalPlace, nonce: string): Promise<Response> => {
  const { environment } = c.var
  const [face, own, preview, unread] = await Promise.all([
    openFaceAt(c, place),
    contactSession(c.var, place, tokenIn(c, environment)),
    previewSession(c.var, place, previewTokenIn(c, environment)),
    unreadAt(c, place, tokenIn(c, environment)),
  ])
  const session = preview ?? own
  if (face === undefined) return neutralNotFound(nonce)
  const { portal, customer, msp } = face
  const logoId = portal.logoKey ?? msp.logoKey
  const displayName = nameOf(face)
  const logoUrl = logoId === null ? null : `/logo/${logoId}`
  const origin = environment.originOf(place.host)
  const brand = brandOf(msp, portal)
  const boot = {
    kind: 'portal',
    customerId: customer.id,
    displayName,
    homepage: portal.homepage ?? msp.homepage,
    logoUrl,
    help: { name: msp.name, phone: msp.helpPhone, email: msp.helpEmail, hours: msp.helpHours },
    locale: msp.locale,
    signIn: { policy: policyOf(msp, portal) },
    hasDocuments: face.hasDocuments === 1 && session?.person.permissions.has('portal.documents') === true,
    hasDirectory: session?.person.permissions.has('portal.directory') === true && session.person.directory.isShown,
    person:
      session === undefined
        ? null
        : {
            id: session.person.contactId,
            name: session.person.name,
            email: session.person.email,
            roles: rolesOf(session.contact.person),
            canSee: [...session.person.permissions],
            // Staff who look at it as somebody see what is new to that person.
            unread: unreadOf(
              preview === undefined ? unread : await unreadRead(preview.contact, preview.person.contactId),
            ),
          },
    preview:
      preview === undefined
        ? null
        : {
            staffName: preview.staffName,
            contactName: preview.contactName,
            until: new Date(preview.expiresAt).toISOString(),
            endUrl: `${environment.originOf(environment.ADMIN_HOST)}/customers/${preview.customerId}/contacts`,
          },
  }
  return shellPage(
    environment,
    'portal.html',
    {
      title: displayName,
      style: brand.style,
      icon: '/favicon.svg',
      site: {
        manifest: '/manifest.webmanifest',
        barColour: { light: brand.light['--surface'], dark: brand.dark['--surface'] },
        preview: {
          name: displayName,
          description: portalDescription,
          url: `${origin}/`,
          imageUrl: logoUrl === null ? null : `${origin}${logoUrl}`,
        },
      },
      boot,
      isSignedIn: session !== undefined,
    },
    nonce,
  )
}

/** What is new to whoever has a session, asked together with who that is; of one that is over, nobody asks the answer. */
const unreadInSession = (msp: MspScope, sessionId: string, reader: 'staffId' | 'contactId') =>
  unreadRead(
    msp,
    sql`(${msp
      .select({ reader: sessions[reader] })
      .from(sessions)
      .where(msp.mine(sessions, eq(sessions.id, sessionId)))})`,
  )

const unreadAt = async (c: Context<OpenEnv>, place: PortalPlace, token: SessionToken | undefined): Promise<unknown[]> =>
  token === undefined ? [] : unreadInSession(doorAt(c, place), await hashOf(token.secret), 'contactId')

const doorAt = (c: Context<OpenEnv>, place: PortalPlace): MspScope =>
  forMsp(groundFor(c.var, place.shard, nobody), place.mspId)

/** What somebody at this portal's door sees. A closed portal is nobody's business: it looks as if it were not there. */
const openFaceAt = async (c: Context<OpenEnv>, place: PortalPlace) => {
  const face = await portalFace(doorAt(c, place).forCustomer(place.customerId))
  if (face === undefined || isReachable(face.customer.state, face.portal.state)) return face
  // Staff who view it as somebody see it closed, too.
  const preview = await previewSession(c.var, place, previewTokenIn(c, c.var.environment))
  return preview === undefined ? undefined : face
}

/** Whose pictures may be shown here: the open portal's own customer's, or, to signed-in staff, their MSP's. */
const doorOf = async (c: Context<OpenEnv>): Promise<{ msp: MspScope; customerId: string | null } | undefined> => {
  const { place, environment } = c.var
  if (place.kind === 'portal') {
    if ((await openFaceAt(c, place)) === undefined) return undefined
    return { msp: doorAt(c, place), customerId: place.customerId }
  }
  const session = await staffSession(c.var, place, tokenIn(c, environment))
  return session === undefined ? undefined : { msp: session.msp, customerId: null }
}

const svg = (text: string): Response =>
  new Response(text, {
    headers: {
      'content-type': 'image/svg+xml',
      'cache-control': 'private, max-age=300',
      'content-security-policy': "default-src 'none'; sandbox",
    },
  })

type Face = NonNullable<Awaited<ReturnType<typeof openFaceAt>>>

const nameOf = ({ portal, customer }: Face): string => portal.displayName ?? customer.name

const portalIcon = async (c: Context<OpenEnv>, place: PortalPlace, radius: number): Promise<string> => {
  const face = await openFaceAt(c, place)
  if (face === undefined) throw missing('picture')
  const { light } = brandOf(face.msp, face.portal)
  return iconSvg(initialOf(nameOf(face)), light['--brand'], light['--on-brand'], radius)
}

const iconSvg = (letter: string, fill: string, on: string, radius: number): string =>
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="${radius}" fill="${fill}"/><text x="16" y="22.5" text-anchor="middle" font-family="system-ui,sans-serif" font-size="18" font-weight="600" fill="${on}">${escapeHtml(letter)}</text></svg>`

const initialOf = (name: string): string => [...name.trim()][0]?.toUpperCase() ?? ''
