import { api, body, ifMatch } from '../../api/client.ts'
import { inPlace } from '../../requests/values.ts'
import type {
  Request,
  RequestCheck,
  RequestDraft,
  RequestForms,
  RequestHoldings,
  RequestInput,
  RequestList,
  RequestOptions,
  RequestPeople,
  RequestQuery,
  RequestSummary,
} from '../../api/shapes.ts'

const ofPortal = (id: string) => ({ path: { id } })
const ofRequest = (id: string, requestId: string) => ({ path: { id, requestId } })

export async function listRequests(customerId: string, query: RequestQuery): Promise<RequestList> {
  return body(await api.GET('/api/portal/customers/{id}/requests', { params: { ...ofPortal(customerId), query } }))
}

export async function readRequest(customerId: string, requestId: string): Promise<Request> {
  return body(
    await api.GET('/api/portal/customers/{id}/requests/{requestId}', { params: ofRequest(customerId, requestId) }),
  )
}

/** What this person may ask for now, and by which forms. */
export async function readForms(customerId: string): Promise<RequestForms> {
  const { items } = body(await api.GET('/api/portal/customers/{id}/request-forms', { params: ofPortal(customerId) }))
  return { items: items.map(inPlace) }
}

/** What can be chosen in all environments; seats as they are free on a day. */
export async function readOptions(customerId: string, query: { on?: string }): Promise<RequestOptions> {
  return body(
    await api.GET('/api/portal/customers/{id}/request-options', { params: { ...ofPortal(customerId), query } }),
  )
}

export async function findPeople(
  customerId: string,
  query: { q?: string; tenantId?: string; guests?: 'true'; limit: number },
): Promise<RequestPeople> {
  return body(
    await api.GET('/api/portal/customers/{id}/request-people', { params: { ...ofPortal(customerId), query } }),
  )
}

/** What somebody has, as far as the reader may know. */
export async function readHoldings(customerId: string, userId: string): Promise<RequestHoldings> {
  return body(
    await api.GET('/api/portal/customers/{id}/request-people/{userId}', {
      params: { path: { id: customerId, userId } },
    }),
  )
}

/** What would become of it as it is filled in: warnings where something may not be as it should. Sends nothing. */
export async function checkRequest(customerId: string, input: RequestDraft): Promise<RequestCheck> {
  return body(
    await api.POST('/api/portal/customers/{id}/request-checks', { params: ofPortal(customerId), body: input }),
  )
}

/** Asks the provider. Under the same key it is asked once. Throws 422 at what is wrong. */
export async function sendRequest(customerId: string, input: RequestInput, key: string): Promise<RequestSummary> {
  return body(
    await api.POST('/api/portal/customers/{id}/requests', {
      params: ofPortal(customerId),
      body: input,
      headers: { 'idempotency-key': key },
    }),
  )
}

/** Throws 409 where it was decided meanwhile, or asked again since something had changed; so do the others. */
export async function approveRequest(customerId: string, { id, version }: Request, reason: string): Promise<Request> {
  return body(
    await api.PUT('/api/portal/customers/{id}/requests/{requestId}/approval', {
      params: ofRequest(customerId, id),
      headers: ifMatch(version),
      body: { reason },
    }),
  )
}

export async function declineRequest(customerId: string, { id, version }: Request, reason: string): Promise<Request> {
  return body(
    await api.PUT('/api/portal/customers/{id}/requests/{requestId}/refusal', {
      params: ofRequest(customerId, id),
      headers: ifMatch(version),
      body: { reason },
    }),
  )
}

export async function withdrawRequest(customerId: string, { id, version }: Request, reason: string): Promise<Request> {
  return body(
    await api.PUT('/api/portal/customers/{id}/requests/{requestId}/withdrawal', {
      params: ofRequest(customerId, id),
      headers: ifMatch(version),
      body: { reason },
    }),
  )
}
