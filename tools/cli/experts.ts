/** `radgrad experts evaluate`: whether an expert is good, bears noise on its actions, and can be imitated. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { Command, Option } from '@commander-js/extra-typings'
import * as rg from 'radgrad'
import { tasks } from 'radgrad/dist/internal.js'
import { measure } from '../studies/experts/measure.ts'
import { plans } from '../studies/experts/tasks.ts'
import { unexplainedVariance } from '../studies/experts/unexplained-variance.ts'
import * as options from './options.ts'
import { print } from './progress.ts'

const legend = `
return        mean over trials; then with Gaussian noise of standard deviation 0.2 and 0.3 on each entry of an action
steepness     median Frobenius norm of the Jacobian of the actions, each observation divided by its standard deviation
unexplained   share of the variance of its actions that the learner's network does not learn from as many of its episodes as a run has
size          root mean square of the entries of its actions as the network gives them
beyond        share of these entries beyond the actuators' range`

export const expertsCommand = (signal: AbortSignal) =>
  new Command('experts').description('Evaluates the experts.').addCommand(
    new Command('evaluate')
      .description(
        'Measures experts: returns, with and without noise on the actions, and how hard they are to imitate.'
      )
      .addOption(
        new Option('--environments <names...>', 'default: all of which there is an expert').choices(rg.environments)
      )
      .addOption(options.experts())
      .addHelpText('after', legend)
      .action(async ({ environments, experts }) => {
        print(row(['task', 'masses', 'return', 'noise 0.2', 'noise 0.3', 'steepness', 'unexplained', 'size', 'beyond']))
        const there = tasksWithExpert(rg.environments, experts ?? `${rg.dataFolder()}/experts`)
        for (const name of environments ?? there)
          for (const masses of ['legacy', 'current'] as const) print(row(await evaluate(name, masses, experts, signal)))
      })
  )

const row = (cells: readonly string[]): string =>
  cells.map((cell, i) => (i < 2 ? cell.padEnd(8) : cell.padStart(11))).join(' ')

/** Returns those of some tasks of which a folder has an expert; all where it has none, for loading one says what was looked for. */
export function tasksWithExpert(names: readonly rg.EnvironmentName[], folder: string): readonly rg.EnvironmentName[] {
  const there = names.filter((name) => filesOf(name).some((file) => existsSync(join(folder, file))))
  return there.length > 0 ? there : names
}

/** Returns the files in one of which `loadExpert` finds the expert for a task. */
const filesOf = (name: rg.EnvironmentName): string[] => [`${tasks[name].gym}-v2.pkl`, `${name}/model.json`]

async function evaluate(
  name: rg.EnvironmentName,
  masses: rg.Masses,
  folder: string | undefined,
  signal: AbortSignal
): Promise<string[]> {
  const expert = await rg.loadExpert(name, folder)
  const network = await rg.networkOf(expert)
  const environment = await rg.loadEnvironment(name, { masses })
  const found = await measure(environment, network, plans[name].episodes, signal)
  const unexplained = await unexplainedVariance(
    environment,
    network,
    rg.protocolFor(name, 'supervised', expert),
    signal
  )
  const returns = [found.return, found.returnNoise02, found.returnNoise03].map((value) => value.toFixed(2))
  const shares = [found.steepness, unexplained, found.actionSize, found.beyondRange].map((value) => value.toFixed(3))
  return [name, masses, ...returns, ...shares]
}
