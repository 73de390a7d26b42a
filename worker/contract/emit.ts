import { apiDocument } from './document.ts'

/** The OpenAPI document of every route, as text that ends in a line break: the same routes give the same text. */
export const emitContract = (): string => `${JSON.stringify(apiDocument(), null, 2)}\n`
