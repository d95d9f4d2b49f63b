/** The command line, `npx radgrad`. */
import { Command, CommanderError } from 'commander'
import { runCommand } from './run'

const program = new Command('radgrad')
  .description('Imitation learning with selective queries: the experiments of the paper RadGrad.')
  .showHelpAfterError('(radgrad --help tells what there is)')
  .exitOverride()
  .addCommand(runCommand())

// a reader that has seen enough, as in `radgrad run | head`, is no failure
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
  process.exit(0)
})

program.parseAsync().catch((error: unknown) => {
  if (error instanceof CommanderError) process.exitCode = error.exitCode
  else {
    console.error(`radgrad: ${error instanceof Error ? error.message : String(error)}`)
    process.exitCode = 1
  }
})
