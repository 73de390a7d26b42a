/** The part of oidc-provider that the sandbox uses; the package ships no types. */
declare module 'oidc-provider' {
  import type { IncomingMessage, ServerResponse } from 'node:http'

  export type Payload = Record<string, unknown>

  export type Adapter = {
    upsert(id: string, payload: Payload, expiresIn: number | undefined): Promise<void>
    find(id: string): Promise<Payload | undefined>
    findByUserCode(userCode: string): Promise<Payload | undefined>
    findByUid(uid: string): Promise<Payload | undefined>
    destroy(id: string): Promise<void>
    revokeByGrantId(grantId: string): Promise<void>
    consume(id: string): Promise<void>
  }

  export type KoaContext = {
    path: string
    status: number
    type: string
    body: unknown
    response: { get(name: string): string | string[] }
    set(name: string, value: string): void
    oidc: {
      provider: Provider
      client: { clientId: string }
      account: { accountId: string } | undefined
      session: { accountId: string | undefined }
      result: Record<string, unknown> | undefined
      params: Record<string, string | undefined>
      requestParamOIDCScopes: Set<string>
    }
  }

  export type InteractionDetails = {
    uid: string
    prompt: { name: string; reasons: string[]; details: Record<string, unknown> }
    params: Record<string, string | undefined>
    returnTo: string
    session: { accountId: string } | undefined
  }

  export type Grant = { addOIDCScope(scope: string): void; save(): Promise<string> }

  export type Configuration = Record<string, unknown>

  export class Provider {
    constructor(issuer: string, configuration: Configuration)
    readonly issuer: string
    readonly Client: { prototype: { redirectUriAllowed(this: { clientId: string }, value: string): boolean } }
    readonly Grant: new (owner: { accountId: string; clientId: string }) => Grant
    callback(): (request: IncomingMessage, response: ServerResponse) => Promise<void>
    use(middleware: (context: KoaContext, next: () => Promise<void>) => Promise<void>): this
    on(event: string, listener: (context: KoaContext, error: Error) => void): this
    interactionDetails(request: IncomingMessage, response: ServerResponse): Promise<InteractionDetails>
    interactionResult(
      request: IncomingMessage,
      response: ServerResponse,
      result: Record<string, unknown>,
      options: { mergeWithLastSubmission: boolean },
    ): Promise<string>
  }

  export namespace interactionPolicy {
    class Check {
      constructor(reason: string, description: string, check: (context: KoaContext) => boolean)
    }
    class Prompt {
      constructor(information: { name: string; requestable: boolean })
      readonly checks: { add(check: Check): void }
    }
    type Policy = Prompt[] & { get(name: string): Prompt | undefined; add(prompt: Prompt, position: number): void }
    function base(): Policy
  }
}
