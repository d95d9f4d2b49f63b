/** Builds JupyterLite around the notebooks and the extensions. */
import { spawn } from 'node:child_process'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { jupyterEnvironment, python } from '../setup/python.mjs'
import { inRoot } from '../setup/root.mjs'

/** The pages of a notebook, and of all. */
const apps = ['notebooks', 'tree']

/** Settings that the pages of JupyterLite read when they are opened. */
const configuration = {
  appName: 'RadGrad',
  defaultKernelName: 'tslab',
  faviconUrl: './favicon.ico',
  exposeAppInBrowser: true,
  disabledExtensions: [
    // it serves files to kernels that ask for them otherwise than ours does
    '@jupyterlite/application-extension:service-worker-manager',
    '@jupyterlab/apputils-extension:announcements'
  ],
  settingsOverrides: {
    // s; edits are kept without being asked
    '@jupyterlab/docmanager-extension:plugin': { autosaveInterval: 5 },
    // ms; the first answer waits until TypeScript is fetched
    '@jupyterlab/completer-extension:manager': { providerTimeout: 20_000 }
  }
}

/**
 * @param work an empty folder for files of the build
 * @param contents the folder with the notebooks
 * @param extension the folder of the labextension
 * @param site the folder to build
 * @throws Error with what JupyterLite says
 */
export async function buildLite(work: string, contents: string, extension: string, site: string): Promise<void> {
  await mkdir(work, { recursive: true })
  const extensions = [
    inRoot('.venv/share/jupyter/labextensions/jupyterlab-plotly'),
    inRoot('tools/lab-extensions/live-figures'),
    extension
  ]
  await jupyter(work, [
    ...['build', '--ignore-sys-prefix', '--no-sourcemaps', '--no-unused-shared-packages', '--no-libarchive'],
    ...['--lite-dir', work, '--contents', contents, '--output-dir', site],
    ...apps.flatMap((app) => ['--apps', app]),
    ...extensions.map((folder) => `--LiteBuildConfig.federated_extensions=${folder}`)
  ])
  for (const app of apps) {
    // a page that names no icon has its server asked for one; JupyterLite names it late
    const page = join(site, app, 'index.html')
    const html = (await readFile(page, 'utf8')).replace(/<title>.*?<\/title>/s, '<title>RadGrad, live</title>')
    await writeFile(page, html.replace('<head>', '<head>\n<link rel="icon" href="favicon.ico">'))
  }
  const path = join(site, 'jupyter-lite.json')
  const built = JSON.parse(await readFile(path, 'utf8')) as { readonly 'jupyter-config-data': object }
  await writeFile(
    path,
    JSON.stringify({ ...built, 'jupyter-config-data': { ...built['jupyter-config-data'], ...configuration } })
  )
}

/** @param folder where it keeps what it has done already: nothing, in an empty one */
async function jupyter(folder: string, options: readonly string[]): Promise<void> {
  const child = spawn(python(), ['-m', 'jupyterlite_core', ...options], { cwd: folder, env: jupyterEnvironment() })
  let said = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => (said += data))
  const code = await new Promise((resolve, reject) => child.on('error', reject).on('close', resolve))
  if (code !== 0) throw new Error(`JupyterLite could not be built:\n${said.trim()}`)
}
