/** A round that goes on: its worker, its film, and what is kept of it. */
import { download } from '../extension/download.ts'
import type { FromWorker, ToWorker } from './messages.ts'
import { createPlayer } from './player.ts'
import { fileNameOf, keep, type Round } from './store.ts'

/**
 * Begins a round, or goes on with one: what was answered is computed again, then the worker asks from there.
 *
 * @param site the address of the site
 * @param tell hears of the messages, when their place in the film is reached
 * @param warn hears of a browser that keeps nothing
 */
export function beginRound(
  begun: Round,
  site: string,
  tell: (message: FromWorker) => void,
  warn: (problem: string) => void
) {
  let round = begun
  const worker = new Worker(new URL('extensions/@radgrad/live/static/kernel/teach.js', site), { type: 'module' })
  const post = (message: ToWorker): void => worker.postMessage(message)
  /** Returns whether the browser keeps the round as it is now. */
  const save = (changed: Round): boolean => {
    round = changed
    try {
      keep(round)
      return true
    } catch {
      warn('This browser keeps no more: do not leave before the round ends.')
      return false
    }
  }
  const player = createPlayer(
    (answer) => {
      save({ ...round, answers: [...round.answers, answer] })
      post({ type: 'answer', answer })
    },
    (message) => {
      const isLost = message.type === 'ended' && !save({ ...round, text: message.text })
      if (message.type === 'ended' || message.type === 'failed') worker.terminate()
      tell(message)
      if (!isLost) return
      download(fileNameOf(round), message.text)
      warn('The round has ended and was downloaded, for this browser keeps no more. Discard one to make room.')
    }
  )
  worker.addEventListener('message', ({ data }: MessageEvent<FromWorker>) => player.hear(data))
  worker.addEventListener('error', ({ message }) =>
    player.hear({ type: 'failed', message: `the worker does not start${message ? `: ${message}` : ''}` })
  )
  const { strategy, seed, answers } = round
  post({ type: 'begin', site, strategy, seed, answers })
  return { strategy, frame: player.frame, pause: player.pause, stop: () => worker.terminate() }
}
