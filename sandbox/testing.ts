import { createHash, randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startSandbox, type Sandbox, type SandboxOptions } from './start.ts'

export const fabrikam = '6f1d3f0e-8c1b-4d7e-9a52-0c4a7e1b2d01'
export const contoso = '6f1d3f0e-8c1b-4d7e-9a52-0c4a7e1b2d02'
export const alpine = '6f1d3f0e-8c1b-4d7e-9a52-0c4a7e1b2d05'
/** The app that Northwind IT registered in its own tenant. */
export const northwind = '6f1d3f0e-8c1b-4d7e-9a52-0c4a7e1b2d07'
export type App = { clientId: string; clientSecret: string }
export const northwindApp: App = {
  clientId: '6f1d3f0e-8c1b-4d7e-9a52-0c4a7e1bac01',
  clientSecret: 'demo~northwind~secret~harbour',
}
export const callback = 'http://auth.localhost:8787/api/auth/microsoft/callback'

export type Stage = Sandbox & AsyncDisposable

/** A sandbox of its own on a free port, with a state folder that is thrown away. */
export async function stage(options: Partial<SandboxOptions> = {}): Promise<Stage> {
  const stateFolder = options.stateFolder ?? (await mkdtemp(join(tmpdir(), 'sandbox-')))
  const sandbox = await startSandbox({ port: 0, ...options, stateFolder })
  return {
    ...sandbox,
    [Symbol.asyncDispose]: async () => {
      await sandbox.close()
      await rm(stateFolder, { recursive: true, force: true })
    },
  }
}

/** Asks for an app token as the Worker does. */
export async function askForToken(
  sandbox: Sandbox,
  tenant: string,
  secret = sandbox.clientSecret,
  clientId = sandbox.clientId,
): Promise<Response> {
  return fetch(`${sandbox.http}/entra/${tenant}/oauth2/v2.0/token`, {
    method: 'POST',
    body: new URLSearchParams({
      client_id: clientId,
      client_secret: secret,
      grant_type: 'client_credentials',
      scope: 'https://graph.microsoft.com/.default',
    }),
  })
}

export type Json = Record<string, unknown>
export type GraphCaller = (pathOrLink: string, headers?: Record<string, string>) => Promise<Response>

/** Calls Graph for one tenant; takes a path below /v1.0 or a whole link. */
export async function graphCaller(sandbox: Sandbox, tenant: string, app?: App): Promise<GraphCaller> {
  const token = await jsonOf(await askForToken(sandbox, tenant, app?.clientSecret, app?.clientId))
  const authorization = `Bearer ${String(token['access_token'])}`
  return (pathOrLink, headers = {}) =>
    fetch(pathOrLink.startsWith('http') ? pathOrLink : `${sandbox.http}/graph/v1.0${pathOrLink}`, {
      headers: { authorization, ...headers },
    })
}

export async function jsonOf(response: Response): Promise<Json> {
  return (await response.json()) as Json
}

export function rowsOf(body: Json): Json[] {
  return body['value'] as Json[]
}

/** Follows the pages of a delta query to its end. */
export async function readDelta(
  graph: GraphCaller,
  start: string,
): Promise<{ pages: Json[][]; rows: Json[]; deltaLink: string }> {
  const pages: Json[][] = []
  for (let link = start; ;) {
    const body = await jsonOf(await graph(link))
    pages.push(rowsOf(body))
    const next = body['@odata.nextLink']
    if (typeof next !== 'string') return { pages, rows: pages.flat(), deltaLink: String(body['@odata.deltaLink']) }
    link = next
  }
}

export async function control(sandbox: Sandbox, path: string, body: object): Promise<Json> {
  const response = await fetch(`${sandbox.http}/control${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`)
  return jsonOf(response)
}

/** Enough of a browser to walk through sign-in: keeps cookies, submits forms, stops before it leaves the sandbox. */
export class Browser {
  readonly #sandbox: Sandbox
  readonly #cookies = new Map<string, { value: string; path: string }>()
  /** Where the last page came from. */
  location = ''
  body = ''

  constructor(sandbox: Sandbox) {
    this.#sandbox = sandbox
  }

  async open(address: string): Promise<void> {
    await this.#request(new URL(address, this.#sandbox.http), { method: 'GET' })
  }

  /** Submits the page's form (the one with the sign-in fields, or the last) with these values. */
  async submit(values: Record<string, string>): Promise<void> {
    const forms = [...this.body.matchAll(/<form([^>]*)>([\s\S]*?)<\/form>/g)]
    const form = forms.find(([, attributes]) => attributes?.includes('data-sign-in')) ?? forms.at(-1)
    if (form === undefined) throw new Error(`There is no form on the page:\n${this.body}`)
    const action = /action="([^"]*)"/.exec(form[1] ?? '')?.[1]?.replaceAll('&amp;', '&') ?? ''
    const hidden = [...(form[2] ?? '').matchAll(/type="hidden" name="([^"]*)" value="([^"]*)"/g)]
    const body = new URLSearchParams(hidden.map(([, name = '', value = '']): [string, string] => [name, value]))
    for (const [name, value] of Object.entries(values)) body.set(name, value)
    await this.#request(new URL(action, this.location), { method: 'POST', body })
  }

  async #request(url: URL, init: RequestInit): Promise<void> {
    const cookie = [...this.#cookies]
      .filter(([, { path }]) => url.pathname.startsWith(path))
      .map(([name, { value }]) => `${name}=${value}`)
      .join('; ')
    const response = await fetch(url, { ...init, redirect: 'manual', headers: { cookie } })
    for (const line of response.headers.getSetCookie()) this.#keep(line)
    const target = response.headers.get('location')
    this.location = url.href
    this.body = await response.text()
    if (target === null) return
    const next = new URL(target, url)
    if (next.origin === this.#sandbox.http) return this.#request(next, { method: 'GET' })
    this.location = next.href
  }

  #keep(line: string): void {
    const [pair = '', ...attributes] = line.split(';').map((part) => part.trim())
    const at = pair.indexOf('=')
    const path = attributes.find((attribute) => attribute.toLowerCase().startsWith('path='))?.slice(5) ?? '/'
    if (line.includes('01 Jan 1970')) this.#cookies.delete(pair.slice(0, at))
    else this.#cookies.set(pair.slice(0, at), { value: pair.slice(at + 1), path })
  }
}

/** The parts of an authorization request that the caller has to remember. */
export function authorizationRequest(
  sandbox: Sandbox,
  authority: string,
  extra: Record<string, string> = {},
): { address: string; verifier: string; nonce: string } {
  const verifier = randomBytes(32).toString('base64url')
  const nonce = randomBytes(12).toString('base64url')
  const query = new URLSearchParams({
    client_id: sandbox.clientId,
    response_type: 'code',
    response_mode: 'query',
    redirect_uri: callback,
    scope: 'openid profile email',
    state: 'state-of-the-caller',
    nonce,
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
    ...extra,
  })
  return { address: `${sandbox.http}/entra/${authority}/oauth2/v2.0/authorize?${query.toString()}`, verifier, nonce }
}

export async function redeem(
  sandbox: Sandbox,
  authority: string,
  code: string,
  verifier: string,
  app: App = sandbox,
): Promise<{ status: number; body: Json }> {
  const response = await fetch(`${sandbox.http}/entra/${authority}/oauth2/v2.0/token`, {
    method: 'POST',
    body: new URLSearchParams({
      client_id: app.clientId,
      client_secret: app.clientSecret,
      grant_type: 'authorization_code',
      code,
      redirect_uri: callback,
      code_verifier: verifier,
    }),
  })
  return { status: response.status, body: await jsonOf(response) }
}
