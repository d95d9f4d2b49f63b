/** Runs Algorithm 1 with the reader as its expert. All of it is the library's; this file watches, and asks. */
import * as rg from 'radgrad'
import { gather, sealRecord } from '../../record.ts'
import { decodeLesson, nameOf } from './file.ts'
import { torques } from './hand.ts'
import { type Answer, type Answered, changes, epochs, type Lesson, rate, type Strategy, type Why } from './lesson.ts'

/** Hears of a lesson as it goes on, and answers. */
export interface Teacher {
  /** Answers a query, at once or later. */
  ask(question: Omit<Answered, 'hand' | 'late' | 'action'>): Answer | Promise<Answer>
  /** Hears of each state of an episode, from step 0 on. */
  visit?(state: readonly number[], iteration: number, step: number): void
  answered?(answer: Answered): void
  /** @param own the reader's return in the first episode */
  learned?(iteration: rg.Iteration, own: number): void
}

/** Returns the protocol of a round. DAgger asks in every state, and has no rate. */
export async function protocolOf(strategy: Strategy): Promise<rg.Protocol> {
  const paper = rg.protocolFor('reacher', strategy, await rg.loadExpert('reacher'))
  return { ...paper, ...changes, fit: { ...paper.fit, epochs }, ...(strategy !== 'dagger' && { rate }) }
}

/**
 * Gives a lesson: runs the protocol, with a teacher in place of its expert. Losses are measured from the returns of that trained expert.
 *
 * @param machine names what computes it, for the provenance
 * @throws what `imitate` and the teacher do
 */
export async function teach(protocol: rg.Protocol, seed: number, machine: string, teacher: Teacher): Promise<Lesson> {
  const { environment, strategy, expert: trained } = await rg.participantsOf(protocol)
  const { returns: expertReturns } = await rg.trials(environment, trained, protocol.trials)
  const answers: Answered[] = []
  let [iteration, own] = [0, 0]
  let why: Why = { reasons: ['always'], scores: {} } // of the first batch, whatever the rule
  const expert: rg.Expert = {
    inputs: trained.inputs,
    outputs: trained.outputs,
    async predict(states) {
      const question = { iteration, ...why, state: [...states] }
      const { hand, late } = await teacher.ask(question)
      const action = torques(states, hand)
      const answer = { ...question, hand, late, action: [...action] }
      answers.push(answer)
      teacher.answered?.(answer)
      return action
    }
  }
  const watched = watchEpisodes(environment, protocol.episodes, (state, step, reward) => {
    if (step === 0) iteration++
    if (iteration === 1) own += reward
    teacher.visit?.(state, iteration, step)
  })
  const told = watchReasons(strategy.rule, (given) => {
    why = given
  })
  const participants = { environment: watched, strategy: { ...strategy, rule: told }, expert, expertReturns }
  const { outcome, seconds } = await gather(rg.imitate(participants, protocol, seed), (learned) =>
    teacher.learned?.(learned, own)
  )
  const recorded = { ...protocol, expert: await nameOf(answers) }
  return { answers, record: await sealRecord({ protocol: recorded, seed, outcome, provenance: { seconds, machine } }) }
}

/**
 * Computes the lesson of a file again, from its answers alone.
 *
 * @throws Error for a file that is no lesson, and where a question is another than the one answered
 */
export async function replay(
  text: string,
  machine: string
): Promise<{ readonly given: Lesson; readonly again: Lesson }> {
  const given = await decodeLesson(text)
  const { protocol, seed } = given.record
  let next = 0
  const again = await teach({ ...protocol, expert: await rg.loadExpert('reacher') }, seed, machine, {
    ask({ state }) {
      const answer = given.answers[next++]
      if (answer && state.every((entry, i) => entry === answer.state[i])) return answer
      throw new Error(`question ${next} is of another state than answer ${next}: other numerics, or another expert`)
    }
  })
  return { given, again }
}

/** Returns an environment that tells of the states of its batches of some episodes: trials and calibration are of others. */
const watchEpisodes = (
  environment: rg.Environment,
  count: number,
  hear: (state: readonly number[], step: number, reward: number) => void
): rg.Environment => ({
  ...environment,
  reset(rngs) {
    const episodes = environment.reset(rngs)
    if (rngs.length !== count) return episodes
    let step = 0
    const tell = (reward: number): void => hear([...episodes.observations], step++, reward)
    tell(0)
    return Object.create(episodes, {
      step: {
        value: (...given: Parameters<rg.Episodes['step']>) => {
          const taken = episodes.step(...given)
          tell(taken.rewards[0])
          return taken
        }
      }
    })
  }
})

/** Returns a rule that tells the reasons of each query, calibrated or not. */
const watchReasons = (rule: rg.Rule, hear: (why: Why) => void): rg.Rule => ({
  ...rule,
  query(...given) {
    const masks = rule.query(...given)
    const reasons = rule.reasons.filter((_, i) => masks[i][0])
    const levels = Object.entries(rule.thresholds ?? {}).filter(([name]) => reasons.includes(name))
    hear({ reasons, scores: Object.fromEntries(levels.map(([name, level]) => [name, [given[0][name]()[0], level]])) })
    return masks
  },
  ...(rule.calibrate && { calibrate: (scores) => watchReasons(rule.calibrate!(scores), hear) })
})
