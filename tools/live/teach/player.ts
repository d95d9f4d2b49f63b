/** The world as the reader sees it: states one after another at an even pace. It waits where the expert is queried. */
import type { Point } from './hand.ts'
import { type Answer, steps } from './lesson.ts'
import type { FromWorker } from './messages.ts'

/** Times, ms: from state to state, before an episode's first move, and until a question is answered by the clock. */
export const times = { pace: 60, rest: 800, limit: 1500 } as const
/** Answers by the clock in a row after which the world waits for the reader. */
const patience = 3

export interface Hand {
  readonly point: Point | undefined
  /** True while the reader presses: questions are then answered as they come. */
  readonly held: boolean
}

export interface View {
  /** The state shown, between two where the arm moves, and the one that it moves to; none at first. */
  readonly state: readonly number[] | undefined
  readonly next: readonly number[] | undefined
  readonly iteration: number
  /** The reasons of the question that waits for an answer. */
  readonly asking: readonly string[] | undefined
  /** True while the arm moves from a state that was asked about. */
  readonly answered: boolean
  /** The share of the time for the answer that is left; undefined while it stands still. */
  readonly left: number | undefined
  /** True from the end of an episode until the next: the learner is in training. */
  readonly learning: boolean
}

/**
 * Plays what the worker tells.
 *
 * @param answer hands an answer to the worker
 * @param tell hears of all other messages, when their place in the film is reached
 */
export function createPlayer(answer: (answer: Answer) => void, tell: (message: FromWorker) => void) {
  const queue: FromWorker[] = []
  let [from, to]: (readonly number[] | undefined)[] = []
  let [iteration, reached, begun, duration] = [0, 0, 0, 0]
  let asking: readonly string[] | undefined
  let [asked, lates, paused] = [0, 0, true]
  let [replied, answered] = [false, false]
  let last: Point | undefined

  function show({ state, step, replayed, iteration: of }: Extract<FromWorker, { type: 'visit' }>, now: number): void {
    const end = begun + duration
    begun = now - end < 20 ? end : now // a frame late is not late
    from = step === 0 || replayed ? state : to
    to = state
    ;[iteration, reached] = [of, step]
    ;[answered, replied] = [replied, false]
    duration = replayed ? 0 : step === 0 ? times.rest : times.pace
  }

  function play(now: number): void {
    while (!asking && now >= begun + duration) {
      const message = queue.shift()
      if (!message) return
      if (message.type === 'visit') show(message, now)
      else if (message.type === 'ask') [asking, asked] = [message.reasons, now]
      else tell(message)
    }
  }

  function reply(hand: Point, late: boolean): void {
    last = hand
    replied = true
    lates = late ? lates + 1 : 0
    paused = lates >= patience
    asking = undefined
    answer({ hand, late })
  }

  return {
    hear: (message: FromWorker): void => void queue.push(message),
    /** Has the world wait, for as long as it takes, for the reader's next answer. */
    pause(): void {
      paused = true
    },
    /**
     * Goes on to a time, ms, and returns what is to be seen then.
     *
     * @param limited true if the clock answers where the reader does not
     * @param calm true if nothing is drawn between two states
     */
    frame(now: number, { point, held }: Hand, limited: boolean, calm: boolean): View {
      play(now)
      if (asking && held && point) reply(point, false)
      else if (asking && (paused || !limited || !last)) asked = now
      else if (asking && last && now - asked > times.limit) reply(last, true)
      const moved = duration > 0 && !calm ? Math.min(1, Math.max(0, (now - begun) / duration)) : 1
      const state = from && to?.map((end, i) => from![i] + moved * (end - from![i]))
      const left = asking && limited && !paused ? 1 - (now - asked) / times.limit : undefined
      const learning = reached === steps && now - begun > duration
      return { state, next: to, iteration, asking, answered, left, learning }
    }
  }
}
