/** The command `radgrad` as a function. */
import { constants } from 'node:os'
import { Command, CommanderError } from '@commander-js/extra-typings'
import { yieldToEventLoop } from 'radgrad/dist/internal.js'
import { checkVirtualMemory, withRemedy } from '../setup/virtual-memory.mjs'
import { expertsCommand } from './experts.ts'
import { packCommand } from './pack.ts'
import { warn } from './progress.ts'
import { reproduceCommand } from './reproduce.ts'
import { runCommand } from './run.ts'
import { sweepCommand } from './sweep.ts'
import { verifyCommand } from './verify.ts'
import { workerCommand } from './worker.ts'

/**
 * Does what the arguments say.
 *
 * @param signal stops it; the `cause` of its reason may name a signal of the system
 * @returns the exit code, all errors being told
 */
export async function radgrad(args: readonly string[], signal: AbortSignal): Promise<number> {
  try {
    await program(signal).parseAsync(args, { from: 'user' })
    // an error of the last write comes later than that write
    await yieldToEventLoop(signal)
    return 0
  } catch (error) {
    return report(error as Error)
  }
}

function program(signal: AbortSignal): Command {
  const radgrad = new Command('radgrad')
    .description('Imitation learning with selective queries: the experiments of the paper RadGrad.')
    .exitOverride()
    .hook('preAction', checkVirtualMemory)
  for (const make of [
    runCommand,
    sweepCommand,
    reproduceCommand,
    workerCommand,
    verifyCommand,
    packCommand,
    expertsCommand
  ]) {
    const command = make(signal).copyInheritedSettings(radgrad)
    radgrad.addCommand(command.showHelpAfterError(`(radgrad ${command.name()} --help tells what there is)`))
  }
  return radgrad
}

/** Tells an error in a line without a stack, unless commander told it or it is no failure; returns the exit code. */
function report(error: NodeJS.ErrnoException): number {
  if (error instanceof CommanderError) return error.exitCode
  // the reader has seen enough: `radgrad run | head`
  if (error.code === 'EPIPE' && error.syscall === 'write') return 0
  warn(withRemedy(error.message))
  const [, number] = Object.entries(constants.signals).find(([name]) => name === error.cause) ?? []
  // as shells say of a process that a signal ended
  return number === undefined ? 1 : 128 + number
}
