// The bundler takes this wherever a package asks for "zod" (wrangler.toml, alias). @hono/zod-openapi is handed the whole of
// zod, which would bring fifty languages along, a fifth of the Worker that nobody reads.
import * as z from './zod-parts.ts'

export * from './zod-parts.ts'
export { z, z as default }
