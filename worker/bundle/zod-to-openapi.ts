// The bundler takes this wherever a package asks for "@asteasolutions/zod-to-openapi" (wrangler.toml, alias). What describes the
// API is made when it is emitted (worker/contract/) and lies among the assets; the Worker itself never makes it.
export {
  OpenAPIRegistry,
  extendZodWithOpenApi,
  getOpenApiMetadata,
} from '../../node_modules/@asteasolutions/zod-to-openapi/dist/index.mjs'

class NotHere {
  constructor() {
    throw new Error('The API is described where its contract is emitted, not in the Worker.')
  }
}
export { NotHere as OpenApiGeneratorV3, NotHere as OpenApiGeneratorV31 }
