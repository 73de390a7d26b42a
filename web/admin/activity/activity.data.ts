import { api, body } from '../../api/client.ts'
import { saveFile } from '../../api/download.ts'
import type { Activity, ActivityExportInput, ActivityPerson } from '../../api/shapes.ts'

export type { Activity, ActivityKind, ActivityPerson } from '../../api/shapes.ts'
export type ActivityPage = { items: Activity[]; nextCursor: string | null }
/** What of the activity is asked for; of all customers without `customerId`. */
export type ActivityQuestion = Omit<ActivityExportInput, 'format'>
type Paged = { cursor?: string; limit?: number }

export async function listActivity(customerId: string, query: Paged & ActivityQuestion = {}): Promise<ActivityPage> {
  return body(
    await api.GET('/api/msp-portal/customers/{customerId}/activity', { params: { path: { customerId }, query } }),
  )
}

export async function listActivityOfAll(query: Paged & ActivityQuestion): Promise<ActivityPage> {
  return body(await api.GET('/api/msp-portal/activity', { params: { query } }))
}

export async function listPeople(customerId: string | undefined): Promise<ActivityPerson[]> {
  const query = customerId === undefined ? {} : { customerId }
  return body(await api.GET('/api/msp-portal/activity-people', { params: { query } })).items
}

export function saveActivity(format: ActivityExportInput['format'], question: ActivityQuestion): Promise<void> {
  return saveFile(api.POST('/api/msp-portal/activity-exports', { body: { ...question, format }, parseAs: 'blob' }))
}
