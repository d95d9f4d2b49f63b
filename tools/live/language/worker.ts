/** The language service in a worker of its own, which answers while cells run. */
import type { Answer, Question } from './messages.ts'
import { createLanguageService, type LanguageService } from './service.ts'

const answer: (answer: Answer) => void = globalThis.postMessage.bind(globalThis)
const service = load()

async function load(): Promise<LanguageService> {
  const response = await fetch(new URL('declarations.json', import.meta.url))
  if (!response.ok) throw new Error(`declarations.json cannot be fetched: ${response.status} ${response.statusText}`)
  return createLanguageService(new Map(Object.entries((await response.json()) as Record<string, string>)))
}

addEventListener('message', async ({ data: { id, type, at, ...cells } }: MessageEvent<Question>) => {
  try {
    const { complete, inspect } = await service
    if (type === 'complete') answer({ id, type, completions: complete(cells, at) })
    else answer({ id, type, text: inspect(cells, at) })
  } catch (error) {
    answer({ id, type: 'failed', why: String(error) })
  }
})
