import { dayOf } from '../../days.ts'
import { routes } from '../../http/app.ts'
import type { StaffEnv } from '../../http/app.ts'
import { json, ok, route, staff } from '../../http/route.ts'
import { pagesOf, slugOf, tableAnswer, tableFile } from '../../http/table-file.ts'
import {
  MatterDownloadInput,
  MatterList,
  MatterQuery,
  Matters,
  matterCells,
  matterColumns,
  matterTitles,
} from './account-matters.schema.ts'
import { downloadMatters, listMatters, readMatters } from './account-matters.ts'

const tags = ['Licences']
const path = '/api/msp-portal/account-matters' as const

const index = route(staff('tenants.read'), {
  method: 'get',
  path,
  operationId: 'readAccountMatters',
  tags,
  summary: 'What to look at across customers: the first of what renews, is over-used, idle, or cannot be read',
  responses: { 200: ok(Matters) },
})

const all = route(staff('tenants.read'), {
  method: 'get',
  path: `${path}/all`,
  operationId: 'listAccountMatters',
  tags,
  summary: 'All of one kind of what to look at across customers',
  request: { query: MatterQuery },
  responses: { 200: ok(MatterList) },
})

const download = route(staff('customers.export'), {
  method: 'post',
  path: '/api/msp-portal/account-matter-downloads',
  operationId: 'downloadAccountMatters',
  tags,
  summary: 'All of one kind of what to look at across customers, as a file',
  description:
    'A POST, since each one is written down in the activity. The file is sent while it is read: one that breaks off is not whole.',
  readsOnly: true,
  request: { body: json(MatterDownloadInput) },
  responses: { 200: tableAnswer },
})

export const accountMatterRoutes = routes<StaffEnv>()

accountMatterRoutes.openapi(index, async (c) => c.json(await readMatters(c.var.msp), 200))

accountMatterRoutes.openapi(all, async (c) => c.json(await listMatters(c.var.msp, c.req.valid('query')), 200))

accountMatterRoutes.openapi(download, async (c) => {
  const { msp, house } = c.var
  const wanted = c.req.valid('json')
  const title = matterTitles[wanted.kind]
  const fileName = `${slugOf(`${house.name} ${title}`)}-${dayOf(msp.now(), house.timeZone)}`
  const pages = await downloadMatters(msp, wanted, `${fileName}.${wanted.format}`)
  const cells = pagesOf(pages, (row) => matterCells(row, house.timeZone))
  return tableFile(wanted.format, { title, fileName, columns: matterColumns }, cells)
})
