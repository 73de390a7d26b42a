import { randomUUID } from 'node:crypto'
import type { Context } from 'hono'
import { setCookie } from 'hono/cookie'
import { consentTo, type State, type Tenant } from '../state.ts'
import { adminConsentPage, messagePage, needsAdministratorPage, signInPage } from './pages.ts'
import { applicationPermissions } from './permissions.ts'
import { mayRedirectTo, type Registration, type Registrations } from './registration.ts'
import type { SignInStore } from './sign-in-store.ts'
import { homeTenant, pageCookie, readChoice, signInTo, wrongPassword, type Choice } from './sign-in.ts'

type World = { state: State; registrations: Registrations; signIns: SignInStore }
/** For one tenant and one app. */
type Ticket = { tenantId: string; clientId: string; expiresAt: number }

const ticketMilliseconds = 15 * 60_000

/** The page on which an administrator lets the app into a tenant. */
export class AdminConsent {
  readonly #world: World
  /** Administrators who have signed in on this page and may now accept, once. */
  readonly #tickets = new Map<string, Ticket>()

  constructor(world: World) {
    this.#world = world
  }

  /** Answers GET and POST; `tenant` is undefined at the addresses that all tenants share. */
  async answer(context: Context, tenant: Tenant | undefined): Promise<Response> {
    const query = new URL(context.req.url).searchParams
    const clientId = query.get('client_id') ?? ''
    const redirectUri = query.get('redirect_uri') ?? undefined
    const registration = this.#world.registrations.find(clientId)
    if (registration === undefined) {
      return refuse(context, `AADSTS700016: Application with identifier '${clientId}' was not found in the directory.`)
    }
    if (!mayRedirectTo(registration, redirectUri)) {
      return refuse(
        context,
        `AADSTS50011: The redirect URI '${redirectUri ?? ''}' does not match the ones configured for the application '${clientId}'.`,
      )
    }
    if (context.req.method !== 'POST') return this.#askWho(context, registration, tenant, undefined)
    const choice = readChoice(await context.req.text())
    switch (choice.do) {
      case 'sign-in':
        return this.#signIn(context, registration, tenant, choice)
      case 'accept':
        return this.#accept(context, registration, redirectUri, query, choice)
      default:
        return context.redirect(declined(redirectUri, query), 303)
    }
  }

  #askWho(
    context: Context,
    { appName }: Registration,
    tenant: Tenant | undefined,
    problem: string | undefined,
  ): Response | Promise<Response> {
    const people =
      tenant === undefined ? this.#world.state.tenants().flatMap(({ accounts }) => accounts) : tenant.accounts
    return context.html(
      signInPage({
        heading: tenant === undefined ? 'Sign in as an administrator' : `Sign in to ${tenant.name}`,
        appName,
        action: here(context),
        account: '',
        problem,
        people: people.toSorted((left, right) => Number(right.isAdmin) - Number(left.isAdmin)),
        signedIn: undefined,
      }),
    )
  }

  #signIn(
    context: Context,
    registration: Registration,
    asked: Tenant | undefined,
    choice: Choice,
  ): Response | Promise<Response> {
    const { state } = this.#world
    const tenant = asked ?? homeTenant(state, choice.account)
    const signedIn = tenant === undefined ? undefined : signInTo(tenant, choice)
    if (tenant === undefined || signedIn === undefined) return this.#askWho(context, registration, asked, wrongPassword)
    const { account } = signedIn
    const secret = this.#world.signIns.rememberOnPage(tenant.tenantId, signedIn.id)
    setCookie(context, pageCookie(tenant.tenantId), secret, { httpOnly: true, sameSite: 'Lax', path: '/entra' })
    if (!account.isAdmin) {
      const action = here(context)
      return context.html(needsAdministratorPage({ action, again: action, appName: registration.appName, account }))
    }
    const ticket = randomUUID()
    this.#tickets.set(ticket, {
      tenantId: tenant.tenantId,
      clientId: registration.clientId,
      expiresAt: Date.now() + ticketMilliseconds,
    })
    return context.html(
      adminConsentPage({
        action: here(context),
        ticket,
        appName: registration.appName,
        publisher: registration.publisher,
        tenantName: tenant.name,
        account,
        permissions: applicationPermissions,
      }),
    )
  }

  #accept(
    context: Context,
    registration: Registration,
    redirectUri: string,
    query: URLSearchParams,
    choice: Choice,
  ): Response | Promise<Response> {
    const ticket = this.#tickets.get(choice.ticket)
    this.#tickets.delete(choice.ticket)
    const tenant = ticket === undefined ? undefined : this.#world.state.tenant(ticket.tenantId)
    const isGood = ticket?.clientId === registration.clientId && ticket.expiresAt >= Date.now()
    if (!isGood || tenant === undefined) {
      return this.#askWho(context, registration, undefined, 'That took too long. Sign in again.')
    }
    consentTo(tenant, registration.clientId).permissions = applicationPermissions.map(({ name }) => name)
    this.#world.state.changed()
    const target = new URL(redirectUri)
    target.searchParams.set('admin_consent', 'True')
    target.searchParams.set('tenant', tenant.tenantId)
    const scope = query.get('scope')
    if (scope !== null) target.searchParams.set('scope', scope)
    const state = query.get('state')
    if (state !== null) target.searchParams.set('state', state)
    return context.redirect(target.href, 303)
  }
}

function declined(redirectUri: string, query: URLSearchParams): string {
  const target = new URL(redirectUri)
  target.searchParams.set('error', 'access_denied')
  target.searchParams.set('error_subcode', 'cancel')
  target.searchParams.set('error_description', 'AADSTS65004: User declined to consent to access the app.')
  const state = query.get('state')
  if (state !== null) target.searchParams.set('state', state)
  return target.href
}

function refuse(context: Context, words: string): Response | Promise<Response> {
  return context.html(messagePage('Sorry, but we’re having trouble signing you in', words), 400)
}

/** The address of this page with its query, for forms to post to. */
function here(context: Context): string {
  const url = new URL(context.req.url)
  return `${url.pathname}${url.search}`
}
