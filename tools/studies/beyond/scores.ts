/** Measures how well each score finds the states in which the learner errs most, after every iteration of a run. */
import {
  collect,
  combineCritics,
  distances,
  type Hyperparameters,
  imitate,
  learnerAlone,
  mean,
  type Participants,
  type Protocol,
  participantsOf
} from 'radgrad'
import { allCritics, measured, scoreNames } from './critics.ts'
import { largestErrors } from './marks.ts'
import { averagePrecision, precisionAndRecall } from './precision.ts'

/** Episodes that are looked into after an iteration: new ones, on which nothing is trained. */
const episodes = 20

export const columns = [
  'task',
  'labelled_by',
  'seed',
  'iteration',
  'score',
  'average_precision',
  'precision',
  'recall',
  'far'
]

/** The paper's thresholds, for the scores that it has. */
const thresholdsOf = ({ loss, safety }: Hyperparameters): Readonly<Record<string, number | undefined>> => ({
  predictedLoss: loss.tau,
  lossGradient: loss.epsilon,
  riskLogit: 0,
  riskGradient: safety.epsilon
})

/** Returns a row for each iteration and score. */
export async function measureScores(protocol: Protocol, seed: number) {
  const { environment, strategy, expert } = await participantsOf(protocol)
  const critics = allCritics(protocol.hyperparameters)
  const critic = strategy.critic ? combineCritics(critics, strategy.critic) : critics
  const participants: Participants = { environment, strategy: { ...strategy, critic }, expert }
  const thresholds = thresholdsOf(protocol.hyperparameters)
  const rows: (string | number | undefined)[][] = []
  for await (const { record, policy, critic } of imitate(participants, protocol, seed)) {
    const alone = { environment, policy, expert, strategy: learnerAlone }
    const { visited } = await collect(alone, episodes, [seed, record.iteration, 'judgement'])
    const errors = distances(expert.predict(visited.observations, visited.rows), visited.actions, visited.rows)
    const wrong = largestErrors(errors)
    const far = errors.map((error) => Number(error > protocol.hyperparameters.loss.tau))
    const scores = critic.score(visited.observations, visited.actions, visited.rows)
    for (const name of scoreNames) {
      const score = scores[measured(name)]()
      const threshold = thresholds[name]
      const queried = threshold === undefined ? undefined : score.map((value) => Number(value > threshold))
      const { precision, recall } = queried ? precisionAndRecall(queried, far) : {}
      rows.push([
        ...[protocol.environment, protocol.strategy, seed, record.iteration, name],
        ...[averagePrecision(score, wrong), precision, recall, mean(far)]
      ])
    }
  }
  return rows
}
