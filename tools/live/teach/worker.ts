/** The worker of a lesson: the library runs here, and the page draws meanwhile. */
import { setHost } from 'radgrad/dist/internal.js'
import { host } from '../kernel/host.ts'
import { setSite } from '../kernel/site.ts'
import { encodeLesson } from './file.ts'
import type { Answer } from './lesson.ts'
import type { FromWorker, ToWorker } from './messages.ts'
import { protocolOf, teach } from './session.ts'

setHost(host)
const post = (message: FromWorker): void => postMessage(message)
let hear: ((answer: Answer) => void) | undefined

addEventListener('message', ({ data }: MessageEvent<ToWorker>) => {
  if (data.type === 'answer') hear?.(data.answer)
  else
    begin(data).catch((error) => post({ type: 'failed', message: error instanceof Error ? error.message : `${error}` }))
})

async function begin({ site, strategy, seed, answers }: Extract<ToWorker, { type: 'begin' }>): Promise<void> {
  setSite(site)
  const left = [...answers]
  const lesson = await teach(await protocolOf(strategy), seed, 'a browser', {
    ask({ reasons }) {
      const given = left.shift()
      if (given) return given
      post({ type: 'ask', reasons })
      return new Promise((resolve) => {
        hear = resolve
      })
    },
    visit: (state, iteration, step) => post({ type: 'visit', state, iteration, step, replayed: left.length > 0 }),
    answered: (answer) => post({ type: 'answered', answer }),
    learned: ({ record, expertReturns }, own) =>
      post({ type: 'learned', record, expertReturns: [...expertReturns], own })
  })
  post({ type: 'ended', text: encodeLesson(lesson) })
}
