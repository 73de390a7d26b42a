// npm run migrate: brings the local databases up to date.
//   npm run migrate -- --remote   brings the production databases up to date, through wrangler
import { ready } from './lib/ready.mjs'

await ready()
const { migrateLocal, migrateRemote } = await import('./lib/migrate.mjs')
const { command } = await import('./lib/words.mjs')
await command(() => (process.argv.includes('--remote') ? migrateRemote() : migrateLocal()))
