import { dayOf } from '../../days.ts'
import { routes } from '../../http/app.ts'
import type { StaffEnv } from '../../http/app.ts'
import { json, route, staff } from '../../http/route.ts'
import { pagesOf, slugOf, tableAnswer, tableFile } from '../../http/table-file.ts'
import { CustomerExportInput, customerCells, customerColumns } from './customer-exports.schema.ts'
import { exportCustomers } from './customer-exports.ts'

const exportAll = route(staff('customers.export'), {
  method: 'post',
  path: '/api/msp-portal/customer-exports',
  operationId: 'exportCustomers',
  tags: ['Customers'],
  summary: 'The customers that the list shows for the same question, as a file',
  description:
    'A POST, since each export is written down in the activity. The file is sent while it is read: one that breaks off is not whole. In CSV an apostrophe stands before what a spreadsheet would calculate; an import takes it off again.',
  readsOnly: true,
  request: { body: json(CustomerExportInput) },
  responses: { 200: tableAnswer },
})

export const customerExportRoutes = routes<StaffEnv>()

customerExportRoutes.openapi(exportAll, async (c) => {
  const { msp, house, environment } = c.var
  const wanted = c.req.valid('json')
  const fileName = `${slugOf(house.name)}-customers-${dayOf(msp.now(), house.timeZone)}`
  const rows = await exportCustomers(msp, wanted, `${fileName}.${wanted.format}`)
  const cells = pagesOf(rows, (row) => customerCells(row, environment, house.timeZone))
  return tableFile(wanted.format, { title: 'Customers', fileName, columns: customerColumns }, cells)
})
