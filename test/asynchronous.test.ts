/** An expert that answers later, as a person does, or a server. */
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { imitate, participantsOf } from '../lib/algorithm'
import { trials } from '../lib/evaluate'
import type { IterationRecord } from '../lib/iteration'
import type { Expert } from '../lib/networks'
import { recordsOf, shorterProtocol } from './short-run'

const protocol = shorterProtocol('lazydagger')
const { expert, ...participants } = await participantsOf(protocol)
const later: Expert = {
  inputs: 11,
  outputs: 2,
  async predict(states, rows) {
    await sleep(0)
    return expert.predict(states, rows)
  }
}

test('a run with an expert that answers later has the numbers of one with an expert that answers at once', async () => {
  const records: IterationRecord[] = []
  for await (const { record } of imitate({ ...participants, expert: later }, protocol, 1)) records.push(record)
  expect(records).toEqual(await recordsOf(protocol))
})

test('an answer of the wrong length is refused as one at once is, and an error of the expert ends the run with its words', async () => {
  const run = (predict: Expert['predict']) =>
    imitate({ ...participants, expert: { ...later, predict } }, protocol, 1).next()
  await expect(run(async () => new Float32Array(3))).rejects.toThrow(
    "the expert's action for episode 0 at its step 0 must be Float32Array of 4, not Float32Array of 3"
  )
  await expect(run(() => Promise.reject(new Error('the person has left')))).rejects.toThrow('the person has left')
})

test('a run that waits for its expert ends when it is aborted', async () => {
  const silent: Expert = { ...later, predict: () => new Promise(() => {}) }
  const abort = new AbortController()
  const running = imitate({ ...participants, expert: silent }, protocol, 1, abort.signal).next()
  setTimeout(() => abort.abort(new Error('enough')), 50)
  await expect(running).rejects.toThrow('enough')
  const trial = trials(participants.environment, silent, 2, { role: 'expert', signal: AbortSignal.timeout(50) })
  await expect(trial).rejects.toThrow('timeout')
})
