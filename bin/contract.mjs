// npm run contract: writes worker/contract/openapi.json from the routes, and web/api/schema.d.ts from that.
//   npm run contract -- --check   only says whether they are stale
import { ready } from './lib/ready.mjs'

await ready()
const { checkContract, writeContract } = await import('./lib/contract.mjs')
const { Refusal, command, step } = await import('./lib/words.mjs')
await command(async () => {
  if (!process.argv.includes('--check')) return step('Contract written', writeContract)
  const stale = await checkContract()
  if (stale !== '') throw new Refusal(stale)
})
