/** The package's own file, by its path: it has the package's types. */
declare module '*/zod-to-openapi/dist/index.mjs' {
  export * from '@asteasolutions/zod-to-openapi'
}
