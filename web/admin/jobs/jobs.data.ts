import type { Job } from '../../api/shapes.ts'
import { api, body } from '../../api/client.ts'

export type { Job } from '../../api/shapes.ts'

export async function listJobs(query: {
  state?: Job['state']
  cursor?: string
  limit?: number
}): Promise<{ items: Job[]; nextCursor: string | null }> {
  return body(await api.GET('/api/msp-portal/jobs', { params: { query } }))
}

export async function retryJob(jobId: string): Promise<void> {
  await api.PUT('/api/msp-portal/jobs/{jobId}/retry', { params: { path: { jobId } } })
}
