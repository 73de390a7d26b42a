import { cpSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { atLeast, told } from './budget.ts'
import type { Part } from './budget.ts'
import { median, mustCall, rateOf } from './client.ts'
import type { Asked } from './client.ts'
import type { Metered } from './metered.ts'
import type { Msp } from './population.ts'
import { benchFolder, startRuntime } from './runtime.ts'

const shareMin = 0.7
const atOnce = 8

/**
 * The signed-in dashboard API against a bare Worker in a runtime of its own, with the same bindings, on a copy of the same
 * databases. Rounds alternate, so that both see the same machine.
 */
export const throughput = async (
  msp: Msp,
  cost: Metered,
  { rounds, roundMs }: { rounds: number; roundMs: number },
): Promise<Part> => {
  const copy = join(benchFolder, 'copy')
  rmSync(copy, { recursive: true, force: true })
  cpSync(join(benchFolder, 'data'), copy, { recursive: true })
  const plans = {
    /** As many round trips, each for the least there is to ask. */
    least: cost.sent.map(() => [{ sql: 'select 1', params: [] }]),
    /** As many round trips with the very statements of the dashboard, and their rows as the answer. */
    same: cost.sent,
  }
  const product = await startRuntime({ program: 'product', state: 'data' })
  const bare = await startRuntime({
    program: 'bare',
    state: 'copy',
    variables: { BARE_PLANS: JSON.stringify(plans) },
  })
  try {
    const customer = msp.customer(1)
    const path = `/api/portal/customers/${customer.customerId}/dashboard`
    const contenders: Record<'product' | 'same' | 'least', { client: typeof product.client; asked: Asked }> = {
      product: { client: product.client, asked: { host: customer.host, path, cookie: customer.cookie } },
      same: { client: bare.client, asked: { host: customer.host, path: '/same' } },
      least: { client: bare.client, asked: { host: customer.host, path: '/least' } },
    }
    const rates: Record<keyof typeof contenders, number[]> = { product: [], same: [], least: [] }
    const names = Object.keys(contenders) as (keyof typeof contenders)[]
    for (const name of names) {
      const { client, asked } = contenders[name]
      for (let warming = 0; warming < 50; warming += 1) await mustCall(client, asked)
    }
    for (let round = 0; round < rounds; round += 1) {
      for (const name of round % 2 === 0 ? names : names.toReversed()) {
        const { client, asked } = contenders[name]
        rates[name].push(await rateOf(client, asked, roundMs, atOnce))
      }
    }
    const [ours, same, least] = [median(rates.product), median(rates.same), median(rates.least)]
    const said = (of: number) => `${ours.toFixed(0)} against ${of.toFixed(0)} requests/s, ${atOnce} at once`
    return {
      lines: [
        atLeast(
          `dashboard against a bare Worker with the same ${cost.sent.length} round trips`,
          ours / same,
          shareMin,
          '×',
          said(same),
        ),
        told(`… against one whose round trips only ask "select 1"`, `${(ours / least).toFixed(2)}×`, said(least)),
      ],
      figures: rates,
    }
  } finally {
    await Promise.all([product.stop(), bare.stop()])
  }
}
