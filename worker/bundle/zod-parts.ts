// What "zod" exports (zod/v4/classic/external.js), but for `locales`, `core` with them, and JSON Schema. By path, since the
// name leads back here.
export * from '../../node_modules/zod/v4/classic/schemas.js'
export * from '../../node_modules/zod/v4/classic/checks.js'
export * from '../../node_modules/zod/v4/classic/errors.js'
export * from '../../node_modules/zod/v4/classic/parse.js'
export * from '../../node_modules/zod/v4/classic/compat.js'
export * as iso from '../../node_modules/zod/v4/classic/iso.js'
export * as coerce from '../../node_modules/zod/v4/classic/coerce.js'
export { config, NEVER } from '../../node_modules/zod/v4/core/index.js'
