// Runs a program that must not outlive the one that started it: the channel between the two closes when the parent
// dies in any way, kill -9 included, and then this process goes too.
//   node with-parent.mjs <program> [args…]
import { pathToFileURL } from 'node:url'

if (process.channel !== undefined) {
  process.on('disconnect', () => process.exit(0))
  process.channel?.unref()
}

const program = process.argv[2]
if (program === undefined) throw new Error('with-parent.mjs needs a program to run.')
process.argv.splice(1, 1)
await import(pathToFileURL(program).href)
