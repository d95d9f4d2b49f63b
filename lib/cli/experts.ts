/** `radgrad experts evaluate`: how good the experts are, and how much noise they bear: how imitable they are. */
import { Command } from 'commander'
import { environments, loadEnvironment, type Masses } from '../environments'
import { trials } from '../experiments/evaluate'
import { loadExpert } from '../files/experts'
import { networkOf } from '../networks'
import { mean, standardDeviation } from '../statistics'
import { expertsOption } from './options'
import { print } from './print'

const episodes = 100
/** Standard deviations of the noise on each entry of an action. */
const noises = [0, 0.05, 0.1, 0.2]

export function expertsCommand(signal: AbortSignal): Command {
  const evaluate = new Command('evaluate')
    .description(
      `Mean return, its standard deviation and length over ${episodes} episodes, with and without noise on the actions.`
    )
    .addOption(expertsOption())
    .action(({ experts }: { experts?: string }) => evaluateAll(experts, signal))
  return new Command('experts').description('What there is to say of the experts.').addCommand(evaluate)
}

async function evaluateAll(folder: string | undefined, signal: AbortSignal): Promise<void> {
  for (const name of environments)
    for (const masses of ['legacy', 'current'] as const) await evaluateOne(name, masses, folder, signal)
}

async function evaluateOne(
  name: (typeof environments)[number],
  masses: Masses,
  folder: string | undefined,
  signal: AbortSignal
): Promise<void> {
  const expert = await networkOf(await loadExpert(name, folder))
  const environment = await loadEnvironment(name, { masses })
  for (const noise of noises) {
    const { returns, lengths } = await trials(environment, expert, episodes, { noise, signal })
    const score = `${mean(returns).toFixed(2).padStart(8)} ± ${standardDeviation(returns).toFixed(2).padEnd(7)}`
    print(
      `${name.padEnd(8)} ${masses.padEnd(8)} noise ${noise.toFixed(2)}   return ${score} length ${mean(lengths).toFixed(0)}`
    )
  }
}
