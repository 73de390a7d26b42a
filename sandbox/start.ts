import { rm } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { Hono } from 'hono'
import { readCast } from './cast.ts'
import { cloudflare } from './cloudflare/cloudflare.ts'
import { control, describe } from './control/control.ts'
import { Faults } from './control/faults.ts'
import { indexPage } from './control/pages.ts'
import { RequestLedger } from './control/request-ledger.ts'
import { dns } from './dns/dns.ts'
import { entra } from './entra/entra.ts'
import { Registrations } from './entra/registration.ts'
import { isAlreadySent, type NodeBindings } from './entra/replay.ts'
import { SignInStore } from './entra/sign-in-store.ts'
import { TokenLies } from './entra/token-lies.ts'
import { Signing } from './entra/signing.ts'
import { graph } from './graph/graph.ts'
import { productNames } from './graph/product-names.ts'
import { TenantDirectories } from './graph/tenant-directory.ts'
import { ownPagesOnly, sendResponse, toRequest } from './http.ts'
import { Inbox } from './mail/inbox.ts'
import { mail } from './mail/mail.ts'
import { Replies, type RepliesOptions } from './mail/replies.ts'
import { MailServer } from './mail/smtp.ts'
import { misbehave } from './control/misbehave.ts'
import { pageHeaders } from './pages/layout.ts'
import { sharedFiles } from './pages/pages.ts'
import { State, writeAtomically } from './state.ts'

export type SandboxOptions = {
  /** 0 lets the system choose. */
  port: number
  stateFolder: string
  smtpPort?: number
  castPath?: string
  clientId?: string
  clientSecret?: string
  redirectHosts?: RegExp
  /** Where answers to mails go; without it nobody takes them. */
  replies?: RepliesOptions
  now?: () => Date
}

export type Sandbox = {
  /** Base of everything that speaks HTTP, without a slash at the end. */
  http: string
  smtp: string
  stateFolder: string
  clientId: string
  clientSecret: string
  close(): Promise<void>
}

/** Starts the outside world: Entra, Graph, Cloudflare's custom hostnames, the DNS, a mail server with its inbox, and the switches to make them misbehave. */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const server = createServer()
  // Requests that come before everything is built wait for it; without a listener they would never be answered.
  const built = Promise.withResolvers<Answer>()
  built.promise.catch(() => undefined)
  server.on('request', (incoming: IncomingMessage, outgoing: ServerResponse) => {
    built.promise
      .then((answer) => answer(incoming, outgoing))
      .catch((error: unknown) => {
        console.error(error)
        if (!outgoing.headersSent) outgoing.writeHead(500)
        outgoing.end()
      })
  })
  await listen(server, options.port)
  try {
    const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    const world = await build(options, base)
    built.resolve(answerFrom(world, await router(world)))
    const endpointsPath = join(options.stateFolder, 'endpoints.json')
    await writeAtomically(endpointsPath, JSON.stringify({ http: base, smtp: world.smtp, pid: process.pid }))
    return {
      http: base,
      smtp: world.smtp,
      stateFolder: options.stateFolder,
      clientId: world.registrations.neutral.clientId,
      clientSecret: world.registrations.neutral.secrets[0]?.value ?? '',
      close: async () => {
        await rm(endpointsPath, { force: true })
        const closed = new Promise<void>((resolve) => server.close(() => resolve()))
        server.closeAllConnections()
        await Promise.all([closed, world.mailServer.close()])
        await world.state.flush()
      },
    }
  } catch (error) {
    built.reject(error)
    server.close()
    server.closeAllConnections()
    throw error
  }
}

type Answer = (incoming: IncomingMessage, outgoing: ServerResponse) => Promise<void>
type World = Awaited<ReturnType<typeof build>>

async function build(options: SandboxOptions, base: string) {
  const now = options.now ?? (() => new Date())
  const { tenants, apps } = await readCast(options.castPath ?? join(import.meta.dirname, '../db/seed/cast.json'))
  const neutralClientId = options.clientId ?? '11111111-2222-4333-8444-555555555555'
  const state = await State.open(options.stateFolder, tenants, { neutralClientId, own: apps }, now)
  await rm(join(options.stateFolder, 'endpoints.json'), { force: true })
  const signing = await Signing.open(options.stateFolder)
  const inbox = await Inbox.open(options.stateFolder)
  const replies = new Replies(options.replies)
  const mailServer = new MailServer(inbox, replies, now)
  const smtp = `smtp://127.0.0.1:${await mailServer.listen(options.smtpPort ?? 0)}`
  const redirectHosts = options.redirectHosts ?? /^auth\./
  const registrations = new Registrations(
    {
      clientId: neutralClientId,
      secrets: [{ value: options.clientSecret ?? 'sandbox-secret', expired: false }],
      appName: 'Portico',
      publisher: 'Portico (sandbox)',
      directoryId: undefined,
      redirectHosts,
    },
    ...apps.map(({ name, ...app }) => ({ ...app, appName: name, redirectHosts })),
  )
  return {
    state,
    signing,
    signIns: new SignInStore(),
    lies: new TokenLies(),
    inbox,
    replies,
    mailServer,
    registrations,
    directories: new TenantDirectories(state),
    faults: new Faults(),
    ledger: new RequestLedger(),
    base: () => base,
    smtp,
    now,
  }
}

async function router(world: World): Promise<Hono<{ Bindings: NodeBindings }>> {
  const app = new Hono<{ Bindings: NodeBindings }>()
  app.use(pageHeaders)
  app.route('/', await sharedFiles())
  app.route('/entra', entra(world))
  app.route('/graph', graph(world))
  app.route('/product-names.csv', productNames())
  app.route('/cloudflare', cloudflare(world))
  app.route('/dns-query', dns(world))
  app.use('/inbox*', ownPagesOnly)
  app.use('/inbox/*', ownPagesOnly)
  app.route('/', mail(world.inbox, world.replies, world.now))
  app.use('/control/*', ownPagesOnly)
  app.route('/control', control(world))
  app.get('/', (context) => context.html(indexPage(describe(world))))
  app.get('/healthz', (context) =>
    context.json({ status: 'up', http: world.base(), smtp: world.smtp, pid: process.pid }),
  )
  return app
}

function answerFrom(world: World, app: Hono<{ Bindings: NodeBindings }>): Answer {
  return async (incoming, outgoing) => {
    const request = await toRequest(incoming, world.base())
    const response = await misbehave(request, world, async () => app.fetch(request, { incoming, outgoing }))
    if (response === 'drop') incoming.socket.destroy()
    else if (response !== 'hang' && !isAlreadySent(response)) await sendResponse(response, outgoing)
  }
}

async function listen(server: ReturnType<typeof createServer>, port: number): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject)
      resolve()
    })
  })
}
