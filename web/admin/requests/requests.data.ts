import { api, body, ifMatch } from '../../api/client.ts'
import type { StaffRequest, StaffRequestList, StaffRequestQuery } from '../../api/shapes.ts'

export type { StaffRequest, StaffRequestList, StaffRequestQuery, StaffRequestSummary } from '../../api/shapes.ts'

export type RequestView = NonNullable<StaffRequestQuery['view']>
export const requestViews = ['awaiting', 'open', 'ended', 'all'] as const satisfies RequestView[]

const at = (requestId: string) => ({ path: { requestId } })

export async function listRequests(query: StaffRequestQuery): Promise<StaffRequestList> {
  return body(await api.GET('/api/msp-portal/requests', { params: { query } }))
}

export async function readRequest(requestId: string): Promise<StaffRequest> {
  return body(await api.GET('/api/msp-portal/requests/{requestId}', { params: at(requestId) }))
}

/** Throws 409 where it was decided meanwhile, or asked again since something had changed. */
export async function approveRequest({ id, version }: StaffRequest, reason: string): Promise<StaffRequest> {
  return body(
    await api.PUT('/api/msp-portal/requests/{requestId}/approval', {
      params: at(id),
      headers: ifMatch(version),
      body: { reason },
    }),
  )
}

export async function declineRequest({ id, version }: StaffRequest, reason: string): Promise<StaffRequest> {
  return body(
    await api.PUT('/api/msp-portal/requests/{requestId}/refusal', {
      params: at(id),
      headers: ifMatch(version),
      body: { reason },
    }),
  )
}

/** Ticks a step off, or opens it again. */
export async function setStep(requestId: string, stepId: string, isDone: boolean): Promise<StaffRequest> {
  const params = { path: { requestId, stepId } }
  return body(
    isDone
      ? await api.PUT('/api/msp-portal/requests/{requestId}/steps/{stepId}/completion', { params })
      : await api.DELETE('/api/msp-portal/requests/{requestId}/steps/{stepId}/completion', { params }),
  )
}

/** Resolves its ticket. Throws 409 where steps are open, unless they are to stay so. */
export async function completeRequest({ id, version }: StaffRequest, leaveOpen: boolean): Promise<StaffRequest> {
  return body(
    await api.PUT('/api/msp-portal/requests/{requestId}/completion', {
      params: at(id),
      headers: ifMatch(version),
      body: { leaveOpen },
    }),
  )
}
