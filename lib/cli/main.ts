/** The command line, `npx radgrad`. */
import { Command, CommanderError } from 'commander'
import { expertsCommand } from './experts'
import { Interruption, interruptible } from './interrupt'
import { reproduceCommand } from './reproduce'
import { runCommand } from './run'
import { verifyCommand } from './verify'
import { workerCommand } from './worker'

const program = (signal: AbortSignal): Command => {
  const radgrad = new Command('radgrad')
    .description('Imitation learning with selective queries: the experiments of the paper RadGrad.')
    .exitOverride()
  for (const command of [runCommand, reproduceCommand, workerCommand, verifyCommand].map((make) => make(signal)))
    radgrad.addCommand(
      command
        .copyInheritedSettings(radgrad)
        .showHelpAfterError(`(radgrad ${command.name()} --help tells what there is)`)
    )
  return radgrad.addCommand(expertsCommand(signal))
}

/** What went wrong, in a line without a stack, unless it was told already or is no failure. */
function report(error: NodeJS.ErrnoException): void {
  if (error instanceof CommanderError) process.exitCode = error.exitCode
  else if (error.code === 'EPIPE' && error.syscall === 'write')
    process.exitCode = 0 // has seen enough: `radgrad run | head`
  else {
    console.error(`radgrad: ${error.message}`)
    process.exitCode = error instanceof Interruption ? error.exitCode : 1
  }
}

/** Work that is lost on the way, and never ends, is no success. */
process.exitCode = 1
interruptible((signal) => program(signal).parseAsync())
  .then(() => {
    process.exitCode = 0
  })
  .catch(report)
