import type { Provider } from 'oidc-provider'
import type { Account } from '../cast.ts'
import { personId } from '../graph/people.ts'
import type { State, Tenant } from '../state.ts'

export type Choice = { do: string; account: string; password: string; ticket: string }

/** What was pressed and typed on one of our pages. */
export function readChoice(body: string): Choice {
  const form = new URLSearchParams(body)
  return {
    do: form.get('do') ?? '',
    account: (form.get('account') ?? '').trim(),
    password: form.get('password') ?? '',
    ticket: form.get('ticket') ?? '',
  }
}

/** The account of a tenant with this name and password. */
export function signInTo(tenant: Tenant, choice: Choice): { account: Account; id: string } | undefined {
  const index = tenant.accounts.findIndex((account) => account.email.toLowerCase() === choice.account.toLowerCase())
  const account = tenant.accounts[index]
  if (account === undefined || account.password !== choice.password) return undefined
  return { account, id: personId(tenant.tenantId, index) }
}

export function accountById(tenant: Tenant, id: string | undefined): Account | undefined {
  return tenant.accounts.find((_account, index) => personId(tenant.tenantId, index) === id)
}

/** The tenant that an account's domain belongs to. */
export function homeTenant(state: State, account: string): Tenant | undefined {
  const domain = account.split('@')[1]?.toLowerCase()
  return state.tenants().find((tenant) => tenant.domain === domain)
}

/** Holds who signed in to a tenant on a page outside a code flow, so that the code flow need not ask again. */
export function pageCookie(tenantId: string): string {
  return `entra_page_${tenantId}`
}

export const wrongPassword = 'Your account or password is incorrect.'

/** One provider per tenant, made when first asked for. */
export class Providers {
  readonly #make: (tenantId: string) => Provider
  readonly #known = new Map<string, Provider>()

  constructor(make: (tenantId: string) => Provider) {
    this.#make = make
  }

  of(tenant: Tenant): Provider {
    const known = this.#known.get(tenant.tenantId)
    if (known !== undefined) return known
    const provider = this.#make(tenant.tenantId)
    this.#known.set(tenant.tenantId, provider)
    return provider
  }
}
