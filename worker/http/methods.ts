import type { OpenAPIHono } from '@hono/zod-openapi'
import type { Place } from '../tenancy/directory.ts'
import { Problem, missing } from './problem.ts'
import type { Told } from './route.ts'

type Definitions = OpenAPIHono['openAPIRegistry']['definitions']
export type Known = { kinds: readonly Place['kind'][]; path: string; method: string }

/** Every operation as it can be asked for: at which kinds of host, by which path and method. Pure. */
export const knownOperations = (definitions: Definitions): Known[] =>
  definitions.flatMap((definition): Known[] => {
    if (definition.type !== 'route') return []
    const { path, method, 'x-access': access } = definition.route as typeof definition.route & { 'x-access': Told }
    return [{ kinds: kindsOf(access), path, method: method.toUpperCase() }]
  })

/** The methods a path takes at a kind of host, as Allow lists them; empty for a path that is none there. Pure. */
export const methodsAt = (known: Known[], kind: Place['kind'], path: string): string[] => {
  const methods = known
    .filter((one) => one.kinds.includes(kind) && patternOf(one.path).test(path))
    .map(({ method }) => method)
  if (methods.length === 0) return []
  return [...new Set([...methods, ...(methods.includes('GET') ? ['HEAD'] : []), 'OPTIONS'])].toSorted()
}

/**
 * The answer to a method that a path has no operation for (RFC 9110, sections 9.3.7 and 15.5.6). Paths are public in
 * the contract, so it is the same for everybody; it opens nothing to other sites, since it names none.
 */
export const otherMethod = (method: string, allowed: string[]): Response => {
  if (allowed.length === 0) throw missing('page')
  const allow = allowed.join(', ')
  if (method === 'OPTIONS') return new Response(null, { status: 204, headers: { allow } })
  throw new Problem('method_not_allowed', `This address takes ${allow}.`, { allow })
}

const kindsOf = (access: Told): readonly Place['kind'][] => {
  switch (access.who) {
    case 'staff':
      return ['admin']
    case 'contact':
      return access.scope === null ? ['portal'] : ['portal', 'admin']
    case 'oneself':
      return ['admin', 'portal']
    case 'anyone':
      return access.on
  }
}

const patternOf = (path: string): RegExp =>
  new RegExp(`^${path.replaceAll('.', '\\.').replaceAll(/\{\w+\}/g, '[^/]+')}$`)
