import { randomUUID } from 'node:crypto'

/** A failure as Microsoft's token endpoint words it; the number is the one in `AADSTS…`. */
export class EntraError extends Error {
  readonly status: number
  readonly error: string
  readonly number: number

  constructor(status: number, error: string, number: number, message: string) {
    super(message)
    this.status = status
    this.error = error
    this.number = number
  }

  body(now: Date): Record<string, unknown> {
    const timestamp = `${now.toISOString().slice(0, 19).replace('T', ' ')}Z`
    const traceId = randomUUID()
    const correlationId = randomUUID()
    return {
      error: this.error,
      error_description: `AADSTS${this.number}: ${this.message} Trace ID: ${traceId} Correlation ID: ${correlationId} Timestamp: ${timestamp}`,
      error_codes: [this.number],
      timestamp,
      trace_id: traceId,
      correlation_id: correlationId,
      error_uri: `https://login.microsoftonline.com/error?code=${this.number}`,
    }
  }
}

export function unknownTenant(name: string): EntraError {
  return new EntraError(
    400,
    'invalid_tenant',
    90002,
    `Tenant '${name}' not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud. Check with your subscription administrator, this may happen if there are no active subscriptions for the tenant.`,
  )
}

export function unknownApp(clientId: string, directory: string): EntraError {
  return new EntraError(
    400,
    'unauthorized_client',
    700016,
    `Application with identifier '${clientId}' was not found in the directory '${directory}'. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant. You may have sent your authentication request to the wrong tenant.`,
  )
}

export function wrongSecret(clientId: string): EntraError {
  return new EntraError(
    401,
    'invalid_client',
    7000215,
    `Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID, for a secret added to app '${clientId}'.`,
  )
}

export function expiredSecret(clientId: string): EntraError {
  return new EntraError(
    401,
    'invalid_client',
    7000222,
    `The provided client secret keys for app '${clientId}' are expired. Visit the Azure portal to create new keys for your app: https://aka.ms/NewClientSecret, or consider using certificate credentials for added security: https://aka.ms/certCreds.`,
  )
}
