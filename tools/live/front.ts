/** The page in front of the live notebooks: the switch for quick runs, and a place to drop a notebook. */
import { keepNotebook, onDroppedNotebook, problemOf, takeProblem } from './extension/handover.ts'
import { notebookName, parseNotebook } from './extension/notebook.ts'
import { isQuick, setQuick } from './extension/settings.ts'

const site = new URL('.', location.href).href
const open = (address: string): void =>
  location.assign(`${site}notebooks/index.html?notebook=${encodeURIComponent(address)}`)

const named = new URLSearchParams(location.search).get('notebook')
if (named !== null) open(named)

const box = document.querySelector<HTMLInputElement>('#quick')
if (box) {
  box.checked = isQuick()
  box.addEventListener('change', () => setQuick(box.checked))
}

function tell(problem: string): void {
  const place = document.querySelector<HTMLElement>('#problem')
  if (!place) return
  Object.assign(place, { hidden: false, textContent: problem })
  place.scrollIntoView({ block: 'nearest' })
}
const problem = takeProblem()
if (problem !== null) tell(problem)

async function take(name: string, text: string): Promise<void> {
  parseNotebook(text) // what is no notebook is told here
  open(await keepNotebook(site, name, text))
}
onDroppedNotebook(take, tell)
const chosen = document.querySelector<HTMLInputElement>('#file')
chosen?.addEventListener('change', async () => {
  const [file] = chosen.files ?? []
  chosen.value = '' // the same one can be chosen again
  if (!file) return
  try {
    await take(notebookName(file.name), await file.text())
  } catch (error) {
    tell(problemOf(file.name, error))
  }
})
