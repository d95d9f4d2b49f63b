/** Answers what the page asks about code, by a language service that is fetched when the reader first goes to a cell. */
import type { Answer, Question } from '../language/messages.ts'
import type { App, CodeRequest, Plugin, Reply } from './jupyterlite.ts'

export interface Language {
  complete(request: CodeRequest): Promise<Reply>
  inspect(request: CodeRequest): Promise<Reply>
  readonly plugin: Plugin
}

/** @param address of the service's worker */
export function startLanguage(address: URL): Language {
  let app: App | undefined
  let worker: Worker | undefined
  let asked = 0
  const waiting = new Map<number, (answer: Answer) => void>()

  function service(): Worker {
    if (worker) return worker
    worker = new Worker(address, { type: 'module' })
    worker.addEventListener('message', ({ data }: MessageEvent<Answer>) => {
      waiting.get(data.id)?.(data)
      waiting.delete(data.id)
    })
    return worker
  }

  function ask(type: Question['type'], { code, cursor_pos }: CodeRequest): Promise<Answer> {
    const id = asked++
    const question: Question = { id, type, at: unitsOf(code, cursor_pos), code, before: cellsBefore(app) }
    return new Promise((resolve) => {
      waiting.set(id, resolve)
      service().postMessage(question)
    })
  }

  return {
    async complete(request) {
      const answer = await ask('complete', request)
      if (answer.type !== 'complete') return failed(answer)
      const [start, end] = [answer.completions.start, answer.completions.end].map((at) =>
        charactersOf(request.code, at)
      )
      const { names } = answer.completions
      const types = names.map(({ name, kind }) => ({ text: name, type: kind, start, end }))
      const metadata = { _jupyter_types_experimental: types }
      return { status: 'ok', matches: names.map(({ name }) => name), cursor_start: start, cursor_end: end, metadata }
    },
    async inspect(request) {
      const answer = await ask('inspect', request)
      if (answer.type !== 'inspect') return failed(answer)
      const { text } = answer
      return {
        status: 'ok',
        found: text !== undefined,
        data: text === undefined ? {} : { 'text/plain': text },
        metadata: {}
      }
    },
    plugin: {
      id: '@radgrad/live:language',
      autoStart: true,
      activate(given) {
        app = given
        const inCell = ({ target }: Event): boolean =>
          target instanceof Element && target.closest('.cm-content') !== null
        const start = (event: Event): void => {
          if (!inCell(event)) return
          document.removeEventListener('focusin', start)
          service()
        }
        document.addEventListener('focusin', start)
      }
    }
  }
}

const failed = (answer: Answer): Reply => ({
  status: 'error',
  ename: 'LanguageService',
  evalue: answer.type === 'failed' ? answer.why : '',
  traceback: []
})

/** Returns the sources of the code cells above the active one, executed or not. */
function cellsBefore(app: App | undefined): string[] {
  const notebook = app?.shell.currentWidget?.content
  if (!notebook?.widgets) return []
  return notebook.widgets
    .slice(0, notebook.activeCellIndex)
    .filter(({ model }) => model.type === 'code')
    .map(({ model }) => model.sharedModel.getSource())
}

/** Jupyter counts characters, JavaScript units of UTF-16. */
const unitsOf = (code: string, characters: number): number => [...code].slice(0, characters).join('').length
const charactersOf = (code: string, units: number): number => [...code.slice(0, units)].length
