// Runs in workerd: the least a Worker can do to answer a request with so many D1 round trips. What is sent comes as a variable.
type Sent = { sql: string; params: unknown[] }
type Statement = { bind(...params: unknown[]): Statement; raw(): Promise<unknown[][]> }
type Database = { prepare(sql: string): Statement; batch(statements: Statement[]): Promise<{ results: unknown[] }[]> }
type Bindings = { SHARD_1: Database; BARE_PLANS: string }

let plans: Record<string, Sent[][]> | undefined

export default {
  async fetch(request: Request, bindings: Bindings): Promise<Response> {
    plans ??= JSON.parse(bindings.BARE_PLANS) as Record<string, Sent[][]>
    const plan = plans[new URL(request.url).pathname.slice(1)]
    if (plan === undefined) return new Response(null, { status: 404 })
    const answers: unknown[] = []
    for (const statements of plan) {
      const prepared = statements.map(({ sql, params }) => bindings.SHARD_1.prepare(sql).bind(...params))
      const [only] = prepared
      if (prepared.length === 1 && only !== undefined) answers.push(await only.raw())
      else answers.push((await bindings.SHARD_1.batch(prepared)).map(({ results }) => results))
    }
    return Response.json(answers)
  },
}
