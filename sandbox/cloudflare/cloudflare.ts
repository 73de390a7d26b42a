import { randomBytes, randomUUID } from 'node:crypto'
import { Hono, type Context } from 'hono'
import { z } from 'zod'
import { leadsToTarget } from '../dns/dns.ts'
import type { CustomHostname, State } from '../state.ts'

const zoneId = 'sandbox-zone'
const token = 'sandbox-token'

const ssl = z.object({
  method: z.enum(['http', 'txt', 'email']),
  type: z.literal('dv'),
  settings: z.object({ min_tls_version: z.enum(['1.0', '1.1', '1.2', '1.3']) }).optional(),
})
const created = z.object({ hostname: z.string().min(1).max(255), ssl })
const edited = z.object({ ssl: ssl.optional() })

type World = { state: State; now: () => Date }

/** Cloudflare for SaaS: the custom hostnames of one zone, which become active once the DNS leads them here. */
export function cloudflare({ state, now }: World): Hono {
  const app = new Hono()

  app.use('/client/v4/zones/:zone/*', async (context, next) => {
    if (context.req.header('authorization') !== `Bearer ${token}`) return refusal(403, 9109, 'Invalid access token')
    if (context.req.param('zone') !== zoneId) return refusal(404, 7003, 'Could not route to this zone')
    return next()
  })

  app.get('/client/v4/zones/:zone/custom_hostnames', (context) => {
    const wanted = context.req.query('hostname')?.toLowerCase()
    const found = [...state.customHostnames.values()].filter(
      ({ hostname }) => wanted === undefined || hostname.includes(wanted),
    )
    return context.json({
      ...envelope(found.map((one) => wire(state, one))),
      result_info: { page: 1, per_page: 50, count: found.length, total_count: found.length, total_pages: 1 },
    })
  })

  app.post('/client/v4/zones/:zone/custom_hostnames', async (context) => {
    const body = created.safeParse(await jsonIn(context))
    if (!body.success) return refusal(400, 1400, 'The request body is not valid')
    const hostname = body.data.hostname.toLowerCase()
    if (state.customHostnames.has(hostname)) return refusal(409, 1406, 'Duplicate custom hostname found.')
    const one: CustomHostname = {
      id: randomUUID(),
      hostname,
      createdAt: now().toISOString(),
      status: undefined,
      sslStatus: undefined,
      errors: [],
    }
    state.customHostnames.set(hostname, one)
    state.changed()
    return context.json(envelope(wire(state, one)), 201)
  })

  const path = '/client/v4/zones/:zone/custom_hostnames/:id'
  const named = (context: Context) =>
    [...state.customHostnames.values()].find(({ id }) => id === context.req.param('id'))
  const unknown = () => refusal(404, 1436, 'The custom hostname was not found.')

  app.get(path, (context) => {
    const one = named(context)
    return one === undefined ? unknown() : context.json(envelope(wire(state, one)))
  })

  app.patch(path, async (context) => {
    const one = named(context)
    if (one === undefined) return unknown()
    if (!edited.safeParse(await jsonIn(context)).success) return refusal(400, 1400, 'The request body is not valid')
    // Asked to validate again, a certificate that had timed out is tried anew.
    if (one.sslStatus?.endsWith('_timed_out') === true) one.sslStatus = undefined
    state.changed()
    return context.json(envelope(wire(state, one)))
  })

  app.delete(path, (context) => {
    const one = named(context)
    if (one === undefined) return unknown()
    state.customHostnames.delete(one.hostname)
    state.changed()
    return context.json({ id: one.id })
  })
  return app
}

function wire(state: State, one: CustomHostname) {
  const leadsHere = leadsToTarget(state, one.hostname)
  const status = one.status ?? (leadsHere ? 'active' : 'pending')
  const sslStatus = one.sslStatus ?? (leadsHere ? 'active' : 'pending_validation')
  const isWaiting = status === 'pending'
  const missing = ['custom hostname does not CNAME to this zone.']
  return {
    id: one.id,
    hostname: one.hostname,
    status,
    created_at: one.createdAt,
    ownership_verification: {
      type: 'txt',
      name: `_cf-custom-hostname.${one.hostname}`,
      value: randomBytes(16).toString('hex'),
    },
    ...(one.errors.length > 0 || isWaiting
      ? { verification_errors: one.errors.length > 0 ? one.errors : missing }
      : {}),
    ssl: {
      id: one.id,
      status: sslStatus,
      method: 'http',
      type: 'dv',
      settings: { min_tls_version: '1.2' },
      wildcard: false,
      certificate_authority: 'google',
      ...(sslStatus.endsWith('_timed_out')
        ? { validation_errors: [{ message: 'The certificate authority could not validate this name in time.' }] }
        : {}),
    },
  }
}

function envelope(result: unknown) {
  return { success: true, errors: [], messages: [], result }
}

function refusal(status: number, code: number, message: string): Response {
  return Response.json({ success: false, errors: [{ code, message }], messages: [], result: null }, { status })
}

async function jsonIn(context: Context): Promise<unknown> {
  return context.req.json().catch(() => undefined) as Promise<unknown>
}
