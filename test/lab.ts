/** JupyterLab as `npm run lab` starts it, and a browser that looks at it. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { launchChromium } from '../tools/pictures/chromium.ts'
import { inRoot, root } from '../tools/setup/root.mjs'

const token = 'test'

/** @param folder what JupyterLab shows, inside the checkout */
export async function startLab(folder: string) {
  const port = await freePort()
  const options = [`--port=${port}`, `--IdentityProvider.token=${token}`, `--ServerApp.root_dir=${folder}`]
  const child = spawn(process.execPath, [inRoot('tools/setup/start.mjs'), 'lab', '--no-browser', ...options], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe']
  })
  const closed = once(child, 'close')
  let said = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (data) => {
      said += data
    })
  const address = `http://127.0.0.1:${port}`
  while (!(await answers(`${address}/api?token=${token}`))) {
    if (child.exitCode !== null) throw new Error(`JupyterLab ended:\n${said}`)
    await sleep(200)
  }
  return {
    open: (notebook: string) => openNotebook(`${address}/lab/tree/${notebook}?token=${token}&reset`),
    async stop() {
      child.kill('SIGTERM')
      await closed
    }
  }
}

async function openNotebook(url: string) {
  const browser = await launchChromium()
  const page = await browser.newPage({ viewport: { width: 1300, height: 1400 } })
  page.setDefaultTimeout(120_000)
  const complaints: string[] = []
  page.on('pageerror', (error) => complaints.push(error.message))
  await page.goto(url)
  await page.locator('.jp-CodeCell').first().waitFor()
  await page.getByText('TypeScript | Idle').waitFor()
  return { page, complaints, close: () => browser.close() }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

const answers = (url: string): Promise<boolean> =>
  fetch(url).then(
    ({ ok }) => ok,
    () => false
  )
