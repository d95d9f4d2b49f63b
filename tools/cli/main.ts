/** The command line, `npx radgrad`. */
import '../host/register.ts'
import { constants } from 'node:os'
import { Command, CommanderError } from '@commander-js/extra-typings'
import { yieldToEventLoop } from 'radgrad/dist/internal.js'
import { expertsCommand } from './experts.ts'
import { packCommand } from './pack.ts'
import { reproduceCommand } from './reproduce.ts'
import { runCommand } from './run.ts'
import { verifyCommand } from './verify.ts'
import { workerCommand } from './worker.ts'

const signals = ['SIGINT', 'SIGTERM'] as const
const abort = new AbortController()
const interrupt = (signal: NodeJS.Signals): void =>
  abort.abort(new Error('interrupted; what was printed and saved is complete', { cause: signal }))

function program(): Command {
  const radgrad = new Command('radgrad')
    .description('Imitation learning with selective queries: the experiments of the paper RadGrad.')
    .exitOverride()
  for (const make of [runCommand, reproduceCommand, workerCommand, verifyCommand, packCommand, expertsCommand]) {
    const command = make(abort.signal).copyInheritedSettings(radgrad)
    radgrad.addCommand(command.showHelpAfterError(`(radgrad ${command.name()} --help tells what there is)`))
  }
  return radgrad
}

/** Tells an error in a line without a stack, unless commander told it or it is no failure. */
function report(error: NodeJS.ErrnoException): void {
  if (error instanceof CommanderError) process.exitCode = error.exitCode
  else if (error.code === 'EPIPE' && error.syscall === 'write')
    process.exitCode = 0 // the reader has seen enough: `radgrad run | head`
  else {
    console.error(`radgrad: ${error.message}`)
    const signal = signals.find((name) => name === error.cause)
    // as shells say of a process that a signal ended
    process.exitCode = signal ? 128 + constants.signals[signal] : 1
  }
}

// a first Ctrl-C stops the work where that is clean; a second one ends the process
for (const signal of signals) process.once(signal, interrupt)
process.stdout.on('error', (error) => abort.abort(error))
// work that never ends, because it was lost on the way, is no success
process.exitCode = 1
try {
  await program().parseAsync()
  // an error of the last write comes later than that write
  await yieldToEventLoop(abort.signal)
  process.exitCode = 0
} catch (error) {
  report(error as Error)
} finally {
  for (const signal of signals) process.off(signal, interrupt)
}
