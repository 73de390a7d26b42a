import { api, body, ifMatch } from '../../api/client.ts'
import { asProblem, ProblemError } from '../../api/problem.ts'
import type {
  RequestFormOverlaySettings,
  RequestFormOverlaysInput,
  RequestFormSettings,
  RequestFormsInput,
  RequestType,
} from '../../api/shapes.ts'

export async function readRequestForms(): Promise<RequestFormSettings> {
  return body(await api.GET('/api/msp-portal/request-forms'))
}

/** `type` is the form that is open: what is wrong in it is told by its own fields. */
export async function saveRequestForms(
  before: RequestFormSettings,
  type: RequestType,
  input: RequestFormsInput,
): Promise<RequestFormSettings> {
  try {
    return body(await api.PUT('/api/msp-portal/request-forms', { headers: ifMatch(before.version), body: input }))
  } catch (error) {
    throw withinForm(type, error)
  }
}

export async function readCustomerRequestForms(customerId: string): Promise<RequestFormOverlaySettings> {
  return body(
    await api.GET('/api/msp-portal/customers/{customerId}/request-forms', { params: { path: { customerId } } }),
  )
}

export async function saveCustomerRequestForms(
  customerId: string,
  before: RequestFormOverlaySettings,
  type: RequestType,
  input: RequestFormOverlaysInput,
): Promise<RequestFormOverlaySettings> {
  try {
    return body(
      await api.PUT('/api/msp-portal/customers/{customerId}/request-forms', {
        params: { path: { customerId } },
        headers: ifMatch(before.version),
        body: input,
      }),
    )
  } catch (error) {
    throw withinForm(type, error)
  }
}

/** All forms are sent at once, and one of them is filled in: its own fields are those that are pointed at. */
const withinForm = (type: RequestType, error: unknown): ProblemError => {
  const problem = asProblem(error)
  const own = `/forms/${type}`
  const { status, code, detail, requestId, retryAfterSeconds } = problem
  return new ProblemError({
    status,
    code,
    title: problem.message,
    detail,
    requestId,
    retryAfterSeconds,
    errors: problem.errors.map((error) => ({
      ...error,
      pointer: error.pointer.startsWith(`${own}/`) ? error.pointer.slice(own.length) : error.pointer,
    })),
  })
}
