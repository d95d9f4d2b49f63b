/** The command line, `npx radgrad`. */
import '../host/register.ts'
import { radgrad } from './radgrad.ts'

const signals = ['SIGINT', 'SIGTERM'] as const
const abort = new AbortController()
const interrupt = (signal: NodeJS.Signals): void =>
  abort.abort(new Error('interrupted; what was printed and saved is complete', { cause: signal }))

// a first Ctrl-C stops the work where that is clean; a second one ends the process
for (const signal of signals) process.once(signal, interrupt)
process.stdout.on('error', (error) => abort.abort(error))
// work that never ends, because it was lost on the way, is no success
process.exitCode = 1
process.exitCode = await radgrad(process.argv.slice(2), abort.signal)
for (const signal of signals) process.off(signal, interrupt)
