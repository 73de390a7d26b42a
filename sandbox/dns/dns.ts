import { Hono } from 'hono'
import type { State } from '../state.ts'

/** What customers' own host names are to be a CNAME of. */
export const customHostnameTarget = 'custom.portals.example'
const targetAddress = '192.0.2.80'

const types = { A: 1, CNAME: 5, TXT: 16, AAAA: 28 } as const
type TypeName = keyof typeof types
type Answer = { name: string; type: number; TTL: number; data: string }

/** DNS over HTTPS in JSON, as Cloudflare and Google answer it: what was set on the control page, and nothing else. */
export function dns(world: { state: State }): Hono {
  const app = new Hono()
  app.get('/', (context) => {
    if (context.req.header('accept') !== 'application/dns-json') return context.text('Not acceptable', 406)
    const name = (context.req.query('name') ?? '').toLowerCase().replace(/\.$/, '')
    const type = (context.req.query('type') ?? 'A').toUpperCase()
    if (name === '' || !isType(type)) return context.json({ error: 'Invalid query.' }, 400)
    const question = [{ name: `${name}.`, type: types[type] }]
    if (isBroken(world.state, name))
      return send({ Status: 2, TC: false, RD: true, RA: true, AD: false, CD: false, Question: question })
    const answer = answersTo(world.state, name, type)
    const isKnown = answer.length > 0 || Object.keys(types).some((one) => recordsOf(world.state, name, one).length > 0)
    return send({
      Status: isKnown ? 0 : 3,
      TC: false,
      RD: true,
      RA: true,
      AD: false,
      CD: false,
      Question: question,
      ...(answer.length === 0 ? {} : { Answer: answer }),
    })
  })
  return app
}

/** Where a name leads, as any resolver would follow it. */
export function leadsToTarget(state: State, name: string): boolean {
  return answersTo(state, name, 'A').some(({ data }) => data === `${customHostnameTarget}.` || data === targetAddress)
}

function answersTo(state: State, name: string, type: TypeName): Answer[] {
  const answers: Answer[] = []
  for (let at = name, step = 0; step < 8; step += 1) {
    const found = recordsOf(state, at, type).map((data) => ({ name: `${at}.`, type: types[type], TTL: 60, data }))
    const [alias] = type === 'CNAME' ? [] : recordsOf(state, at, 'CNAME')
    if (found.length > 0 || alias === undefined) return [...answers, ...found]
    answers.push({ name: `${at}.`, type: types.CNAME, TTL: 60, data: alias })
    at = alias.replace(/\.$/, '')
  }
  return answers
}

function recordsOf(state: State, name: string, type: string): string[] {
  if (name === customHostnameTarget && type === 'A') return [targetAddress]
  const values = state.dnsRecords.get(`${type} ${name}`)?.values ?? []
  if (type === 'TXT') return values.map((text) => `"${text.replaceAll(/["\\]/g, '\\$&')}"`)
  return type === 'CNAME' ? values.map((target) => `${target.toLowerCase().replace(/\.$/, '')}.`) : values
}

function isBroken(state: State, name: string): boolean {
  return [...state.brokenZones].some((zone) => name === zone || name.endsWith(`.${zone}`))
}

function isType(text: string): text is TypeName {
  return text in types
}

function send(body: object): Response {
  return new Response(JSON.stringify(body), { headers: { 'content-type': 'application/dns-json' } })
}
