import { mkdirSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { bundleFolder } from '../bin/lib/build.mjs'
import { mustRun, tool } from '../bin/lib/tool.mjs'
import { atMost } from './budget.ts'
import type { Part } from './budget.ts'
import { median } from './client.ts'
import { benchFolder } from './runtime.ts'

const bundleKilobytesMax = 500
const startUpMillisecondsMax = 100

/** What is uploaded, and how long it takes to be ready: `wrangler check startup` profiles it in workerd. */
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
    ],
    figures: { startUpMilliseconds: starts },
  }
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
