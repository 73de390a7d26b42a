// npm run bench: measures the budgets on the built Worker and exits non-zero past one (bench/index.ts).
import { ready } from './lib/ready.mjs'

await ready()
const { existsSync } = await import('node:fs')
const { buildWeb, bundleWorker } = await import('./lib/build.mjs')
const { ensureBrowser } = await import('./lib/browser.mjs')
const { inRoot } = await import('./lib/paths.mjs')
const { runNode } = await import('./lib/tool.mjs')
const { Refusal, command, step } = await import('./lib/words.mjs')
await command(async () => {
  const bench = inRoot('bench', 'index.ts')
  if (!existsSync(bench)) throw new Refusal('bench/index.ts is missing, so nothing can be measured.')
  await ensureBrowser()
  // The Workers of the bench are TypeScript, whose types Node takes off by a function it calls experimental.
  const nodeArgs = ['--disable-warning=ExperimentalWarning']
  await step('Web built', buildWeb)
  await step('Worker bundled', bundleWorker)
  const { code } = await runNode(bench, process.argv.slice(2), { show: true, nodeArgs })
  process.exitCode = code
})
