/** The page in front of the live notebooks: the switch for quick runs, and a place to drop a notebook. */
import { keepNotebook, onDroppedNotebook } from './extension/handover.ts'
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

const take = async (name: string, text: string): Promise<void> => open(await keepNotebook(site, name, text))
onDroppedNotebook(take)
const chosen = document.querySelector<HTMLInputElement>('#file')
chosen?.addEventListener('change', async () => {
  const [file] = chosen.files ?? []
  if (file) await take(file.name, await file.text())
})
