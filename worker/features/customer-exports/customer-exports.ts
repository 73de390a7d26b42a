import type { z } from '@hono/zod-openapi'
import { customers } from '../../../db/shard/schema.ts'
import { LIMIT_MAX, encodeCursor, pagesFrom } from '../../http/paging.ts'
import { among } from '../../tenancy/among.ts'
import { newId } from '../../tenancy/ids.ts'
import type { FieldChange, MspScope } from '../../tenancy/scope.ts'
import { customerCursor, listAllFound, listCustomers } from '../customers/index.ts'
import type { CustomerRow } from '../customers/index.ts'
import type { CustomerExportInput } from './customer-exports.schema.ts'

type Wanted = z.infer<typeof CustomerExportInput>

/**
 * The customers that the list shows for the same question, and all matches of a search where it shows only some, as they are taken, each at most once however they
 * change meanwhile. Who takes them, and by which question, is written down before the first one is given out.
 */
export const exportCustomers = async (
  msp: MspScope,
  wanted: Wanted,
  fileName: string,
): Promise<AsyncGenerator<CustomerRow[], void>> => {
  const { format: _format, ids, ...question } = wanted
  const { rows: first, truncated } =
    ids === undefined
      ? await listCustomers(msp, listOf(question))
      : { rows: await selected(msp, ids), truncated: false }
  await msp.tell({
    action: 'customers.exported',
    subject: { kind: 'customer_export', id: newId(msp.now()), name: fileName },
    changes: toldOf(wanted, truncated || first.length > LIMIT_MAX ? null : first.length),
  })
  // The list shows no more than the best matches of a search; whoever takes them along means all of them.
  if (truncated) return listAllFound(msp, listOf(question))
  const cursorOf = customerCursor(listOf(question))
  return eachOnce(pagesFrom(first, (last) => pageOf(msp, question, encodeCursor(cursorOf(last)))))
}

type Question = Omit<Wanted, 'format' | 'ids'>

/** Whoever is renamed while this goes on may come by once more, further down. */
async function* eachOnce(pages: AsyncIterable<CustomerRow[]>): AsyncGenerator<CustomerRow[], void> {
  const given = new Set<string>()
  for await (const page of pages) {
    yield page.filter(({ id }) => !given.has(id))
    for (const { id } of page) given.add(id)
  }
}

/** One row more than a page has, when there is another page. */
const pageOf = async (msp: MspScope, question: Question, cursor: string): Promise<CustomerRow[]> =>
  (await listCustomers(msp, { ...listOf(question), cursor })).rows

const listOf = (question: Question) => ({ ...question, limit: LIMIT_MAX })

const selected = async (msp: MspScope, ids: string[]): Promise<CustomerRow[]> => {
  const found = new Map((await msp.list(customers, { where: among(customers.id, ids) })).map((row) => [row.id, row]))
  return [...new Set(ids)].flatMap((id) => found.get(id) ?? [])
}

/** How many is known before only of what fits one page. */
const toldOf = ({ format, ids, ...question }: Wanted, rowCount: number | null): FieldChange[] => {
  const told = {
    format,
    ...(ids === undefined ? question : { selected: ids.length }),
    rows: rowCount ?? 'more than 200',
  }
  return Object.entries(told).flatMap(([field, after]) =>
    after === undefined ? [] : [{ table: 'customer_exports', field, before: null, after }],
  )
}
