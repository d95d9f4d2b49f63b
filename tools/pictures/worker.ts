/** The thread that draws for `picture`: by the Chromium of the process that started this one, or else by one of its own, which it keeps. */
import type { Figure } from 'radgrad'
import { runAsWorker } from 'synckit'

type Draw = (figure: Figure) => Promise<string>

const served = process.env.RADGRAD_PICTURES
const draw: Promise<Draw> = served
  ? Promise.resolve((figure) => ask(served, figure))
  : import('./draw.ts').then(({ stillRenderer }) => stillRenderer().render)

async function ask(url: string, figure: Figure): Promise<string> {
  const answer = await fetch(url, { method: 'POST', body: JSON.stringify(figure) })
  if (!answer.ok) throw new Error('the figure was not drawn')
  return answer.text()
}

runAsWorker(async (figure: Figure): Promise<string> => (await draw)(figure))
