// npm run format: rewrites every file in the house's format.
import { ready } from './lib/ready.mjs'

await ready()
const { runNode, tool } = await import('./lib/tool.mjs')
const { command } = await import('./lib/words.mjs')
await command(async () => {
  const { code } = await runNode(tool('oxfmt'), ['--write', ...process.argv.slice(2)], { show: true })
  process.exitCode = code
})
