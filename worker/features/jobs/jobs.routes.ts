import { z } from '@hono/zod-openapi'
import { routes } from '../../http/app.ts'
import type { StaffEnv } from '../../http/app.ts'
import { pageOf } from '../../http/paging.ts'
import { done, ok, problem, route, staff } from '../../http/route.ts'
import { JobList, JobQuery, presentJob } from './jobs.schema.ts'
import { JOB_SORT, listJobs, retryJob } from './jobs.ts'

const tags = ['Jobs']

const index = route(staff('jobs.read'), {
  method: 'get',
  path: '/api/msp-portal/jobs',
  operationId: 'listJobs',
  tags,
  summary: 'What runs in the background, what failed and why',
  request: { query: JobQuery },
  responses: { 200: ok(JobList) },
})

const retry = route(staff('jobs.write'), {
  method: 'put',
  path: '/api/msp-portal/jobs/{jobId}/retry',
  operationId: 'retryJob',
  tags,
  summary: 'Run a job now',
  request: { params: z.object({ jobId: z.string() }) },
  responses: {
    202: done('It runs in a moment'),
    409: problem('It runs or is done already, or a newer one does the same'),
  },
})

/** `titlesOf` answers what staff read for each kind of job. */
export const jobRoutesWith = (titlesOf: () => Promise<ReadonlyMap<string, string>>) => {
  const jobRoutes = routes<StaffEnv>()

  jobRoutes.openapi(index, async (c) => {
    const query = c.req.valid('query')
    const [rows, titles] = await Promise.all([listJobs(c.var.msp, query), titlesOf()])
    return c.json(
      pageOf(rows, query.limit, (row) => ({ sort: JOB_SORT, key: row.id, id: row.id }), presentJob(titles)),
      200,
    )
  })

  jobRoutes.openapi(retry, async (c) => {
    await retryJob(c.var.msp, c.req.valid('param').jobId)
    return c.body(null, 202)
  })

  return jobRoutes
}
