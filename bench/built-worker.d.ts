// The product as it was bundled (.portico/bundle/index.js). It stands beside the metered Worker under this name in the runtime.
type Context = { waitUntil(work: Promise<unknown>): void; passThroughOnException?(): void }
type Bindings = Record<string, unknown>

declare const product: {
  fetch(request: Request, bindings: Bindings, context: Context): Promise<Response>
  queue(batch: { queue: string; messages: readonly unknown[] }, bindings: Bindings, context: Context): Promise<void>
  scheduled(event: unknown, bindings: Bindings, context: Context): Promise<void>
}
export default product
export type { Bindings, Context }
