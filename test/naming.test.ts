/** An error of a part of one's own says whose it is. */
import { describe, expect, test } from 'vitest'
import { imitate, type Participants, participantsOf } from '../lib/algorithm'
import { evaluate } from '../lib/evaluate'
import type { Expert, Policy } from '../lib/networks'
import { above, always, expertWhenQueried, type QueryStrategy } from '../lib/strategies'
import { noCritic } from '../lib/strategies/strategy'
import { traceEpisode } from '../lib/trace'
import { generator } from '../lib/util/random'
import { shorterProtocol } from './short-run'

const protocol = shorterProtocol('dagger', { iterations: 2 })
const participants = await participantsOf(protocol)
const mine: QueryStrategy = { title: 'Mine', rule: always, control: expertWhenQueried }
const expertWith = (predict: Expert['predict']): Expert => ({ inputs: 11, outputs: 2, predict })

async function run(changes: Partial<Participants>, signal?: AbortSignal): Promise<void> {
  for await (const _ of imitate({ ...participants, ...changes }, protocol, 1, signal));
}
const boo = (): never => {
  throw new TypeError('boo')
}

describe('an error of a part of one’s own', () => {
  test.each<[string, Partial<QueryStrategy>]>([
    ['rule', { rule: { reasons: ['mine'], query: boo } }],
    ['control', { control: boo }],
    ['release', { release: boo }],
    ['behaviour', { behaviour: boo }]
  ])('an error of a strategy’s %s names the strategy and the part, and keeps its cause', async (part, changes) => {
    const failing = run({ strategy: { ...mine, ...changes } })
    await expect(failing).rejects.toThrow(`the strategy 'Mine': its ${part}: boo`)
    await expect(failing).rejects.toMatchObject({ cause: new TypeError('boo') })
  })

  const critic = { ...noCritic, score: boo }
  const scoring = { ...mine, critic: { name: 'c', create: async () => critic } }
  test.each<[string, QueryStrategy]>([
    ['for a rule that looks at no score', scoring],
    ['for one that wants a score', { ...scoring, rule: above('error', 0) }]
  ])('an error of a critic’s scoring %s names the strategy', async (_, strategy) => {
    await expect(run({ strategy })).rejects.toThrow(/: its critic's score: boo$/)
  })

  test('in a trace, an error of a rule and of a critic’s scoring names the strategy', async () => {
    const { environment, expert } = participants
    const trace = (strategy: QueryStrategy, critic = noCritic) =>
      traceEpisode('mine', environment, environment.reset([generator(1)]), expert as Policy, { strategy, critic })
    await expect(trace({ ...mine, rule: { reasons: ['mine'], query: boo } })).rejects.toThrow(
      "the strategy 'Mine': its rule: boo"
    )
    await expect(trace(mine, critic)).rejects.toThrow("the strategy 'Mine': its critic's score: boo")
  })

  test('an error of a score names the score, though the rule looks at it', async () => {
    const create = async () => ({ ...noCritic, score: () => ({ error: boo }) })
    const strategy = { ...mine, rule: above('error', 0), critic: { name: 'c', create } }
    await expect(run({ strategy })).rejects.toThrow("the score 'error': boo")
  })

  test('an error of a cost, of an expert and of a policy names it', async () => {
    await expect(run({ cost: boo })).rejects.toThrow('the cost: boo')
    await expect(run({ expert: expertWith(boo) })).rejects.toThrow('the expert: boo')
    const later = expertWith(() => Promise.reject(new Error('server 503')))
    await expect(run({ expert: later })).rejects.toThrow('the expert: server 503')
    await expect(evaluate(participants.environment, { ...later, predict: boo }, 1)).rejects.toThrow('the policy: boo')
  })

  test('a part that throws something else than an error, or nothing, is named too', async () => {
    const rejecting = (reason?: unknown) => run({ expert: expertWith(() => Promise.reject(reason)) })
    await expect(rejecting()).rejects.toThrow(/^the expert: it failed without an error$/)
    await expect(rejecting('503')).rejects.toThrow(/^the expert: 503$/)
    await expect(rejecting(new Error())).rejects.toThrow(/^the expert: Error$/)
  })

  test.each([
    ['its own reason', new Error('enough')],
    ['no error', 'enough'],
    ['the default reason', undefined]
  ])(
    'an interruption with %s passes unchanged, from a part that throws it and from one that waits',
    async (_, reason) => {
      const answers: ((signal: AbortSignal) => Float32Array | Promise<Float32Array>)[] = [
        (signal) => {
          throw signal.reason
        },
        (signal) => Promise.reject(signal.reason)
      ]
      for (const answer of answers) {
        const abort = new AbortController()
        const predict = () => {
          abort.abort(reason)
          return answer(abort.signal)
        }
        const running = run({ expert: expertWith(predict) }, abort.signal)
        await expect(running).rejects.toSatisfy((error) => error === abort.signal.reason)
      }
    }
  )
})
