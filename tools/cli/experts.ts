/** `radgrad experts evaluate`: the experts' returns, with and without noise on their actions. */
import { Command } from '@commander-js/extra-typings'
import * as rg from 'radgrad'
import * as options from './options.ts'
import { print } from './progress.ts'

const episodes = 100
/** Standard deviations of the noise on each entry of an action. */
const noises = [0, 0.05, 0.1, 0.2]

export const expertsCommand = (signal: AbortSignal) =>
  new Command('experts').description('Evaluates the experts.').addCommand(
    new Command('evaluate')
      .description(
        `Mean return, its standard deviation and length over ${episodes} episodes, with and without noise on the actions.`
      )
      .addOption(options.experts())
      .action(async ({ experts }) => {
        for (const name of rg.environments)
          for (const masses of ['legacy', 'current'] as const) await evaluate(name, masses, experts, signal)
      })
  )

async function evaluate(
  name: rg.EnvironmentName,
  masses: rg.Masses,
  folder: string | undefined,
  signal: AbortSignal
): Promise<void> {
  const expert = await rg.networkOf(await rg.loadExpert(name, folder))
  const environment = await rg.loadEnvironment(name, { masses })
  for (const noise of noises) {
    const { returns, lengths } = await rg.trials(environment, expert, episodes, { noise, signal })
    const spread = rg.standardDeviation(returns).toFixed(2).padEnd(7)
    const score = `${rg.mean(returns).toFixed(2).padStart(8)} ± ${spread} length ${rg.mean(lengths).toFixed(0)}`
    print(`${name.padEnd(8)} ${masses.padEnd(8)} noise ${noise.toFixed(2)}   return ${score}`)
  }
}
