import { mkdirSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { bundleFolder } from '../bin/lib/build.mjs'
import { mustRun, tool } from '../bin/lib/tool.mjs'
import { atMost, told } from './budget.ts'
import type { Part } from './budget.ts'
import { median, timeOf } from './client.ts'
import type { Asked } from './client.ts'
import { plantMsp } from './population.ts'
import { benchFolder, hosts, startRuntime } from './runtime.ts'

const bundleKilobytesMax = 500
const startUpMillisecondsMax = 100

/**
 * What is uploaded, and how long it takes to be ready: `wrangler check startup` profiles it in workerd. Beside it what the
 * first request takes that comes then, so that nothing is gained by putting off what it needs.
 */
export const bundle = async (times: number): Promise<Part> => {
  mkdirSync(benchFolder, { recursive: true })
  const wrangler = (purpose: string, ...args: string[]) => mustRun(purpose, tool('wrangler'), args)
  const packed = join(benchFolder, 'worker.bundle')
  await wrangler('Packing the bundle', 'deploy', '--dry-run', '--outfile', packed)
  const starts: number[] = []
  for (let turn = 0; turn < times; turn += 1) {
    const profile = join(benchFolder, 'startup.cpuprofile')
    await wrangler('Profiling the start', 'check', 'startup', '--worker', packed, '--outfile', profile)
    starts.push(activeMilliseconds(profile))
  }
  const first = await firstRequests(times)
  return {
    lines: [
      atMost('worker bundle, gzip', gzipKilobytes(bundleFolder), bundleKilobytesMax, 'KB', 'as deployed'),
      atMost(
        'worker start-up',
        median(starts),
        startUpMillisecondsMax,
        'ms',
        `wrangler check startup, time not idle, median of ${times}; least ${Math.min(...starts).toFixed(0)} ms`,
      ),
      ...Object.entries(first).map(([what, { cold, warm }]) =>
        told(
          `first request of a fresh isolate, ${what}`,
          `${median(cold).toFixed(0)} ms`,
          `after start-up, databases open, median of ${times}; least ${Math.min(...cold).toFixed(0)} ms; the same once more ${median(warm).toFixed(0)} ms`,
        ),
      ),
    ],
    figures: { startUpMilliseconds: starts, firstRequestMilliseconds: first },
  }
}

type First = { cold: number[]; warm: number[] }

/** What one waits for who comes first, and second, to a Worker that has just started: at a portal, and in the admin area. */
const firstRequests = async (times: number): Promise<Record<string, First>> => {
  const planting = await startRuntime({ program: 'product', state: 'first' })
  const msp = await plantMsp(planting, 'first', 100)
  await planting.stop()
  const { customerId, host, cookie } = msp.customer(1)
  const requests: Record<string, Asked> = {
    'a portal’s dashboard': { host, path: `/api/portal/customers/${customerId}/dashboard`, cookie },
    'the list of customers': { host: hosts.admin, path: '/api/msp-portal/customers', cookie: msp.staffCookie },
  }
  const first: Record<string, First> = {}
  for (let turn = 0; turn < times; turn += 1) {
    for (const [what, asked] of Object.entries(requests)) {
      const runtime = await startRuntime({ program: 'product', state: 'first' })
      for (const name of ['DIRECTORY', 'SHARD_1'] as const)
        await (await runtime.database(name)).prepare('select 1').all()
      const { cold, warm } = (first[what] ??= { cold: [], warm: [] })
      cold.push(await timeOf(runtime.client, asked))
      warm.push(await timeOf(runtime.client, asked))
      await runtime.stop()
    }
  }
  return first
}

const gzipKilobytes = (folder: string): number =>
  readdirSync(folder)
    .filter((name) => /\.(m?js|wasm|txt|html|sql|bin)$/.test(name))
    .reduce((sum, name) => sum + gzipSync(readFileSync(join(folder, name)), { level: 9 }).length, 0) / 1024

type Profile = {
  nodes: { id: number; callFrame: { functionName: string } }[]
  samples: number[]
  timeDeltas: number[]
}

/** Compiling, running and collecting, as the profiler saw it; waiting for the inspector is left out. */
const activeMilliseconds = (file: string): number => {
  const { nodes, samples, timeDeltas } = JSON.parse(readFileSync(file, 'utf8')) as Profile
  const idle = new Set(nodes.filter(({ callFrame }) => callFrame.functionName === '(idle)').map(({ id }) => id))
  const micros = samples.reduce((sum, id, position) => sum + (idle.has(id) ? 0 : (timeDeltas[position] ?? 0)), 0)
  return micros / 1000
}
