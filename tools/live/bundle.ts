/** Bundles what runs in the browser: the extension of JupyterLite, the kernel with its modules, and the language service. */
import { cp, mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type BuildOptions, build, type Plugin } from 'esbuild'
import * as rg from 'radgrad'
import { inRoot } from '../setup/root.mjs'
import { collectDeclarations } from './declarations.ts'
import { globalsModule } from './globals.ts'
import { strategies } from './teach/lesson.ts'

const installed = (path: string): string => inRoot('node_modules', path)

/** The modules of the kernel that are others in a browser than in Node. */
const inBrowser: readonly (readonly [RegExp, string])[] = [
  [/^radgrad$/, inRoot('lib/index.ts')],
  [/^radgrad\/dist\/internal\.js$/, inRoot('lib/internal.ts')],
  [/^@tensorflow\/tfjs-node$/, inRoot('tools/live/kernel/tensorflow.ts')],
  [/^@tensorflow\/tfjs$/, installed('@tensorflow/tfjs/dist/index.js')],
  [/^mathjs$/, installed('mathjs/lib/esm/index.js')],
  [/^danfojs-node$/, installed('danfojs-node/dist/danfojs-node/src/index.js')],
  [/danfojs-base\/io\/node$/, inRoot('tools/live/kernel/frames.ts')],
  [/^stream$/, inRoot('tools/live/kernel/no-stream.ts')]
]

const browserModules: Plugin = {
  name: 'browser-modules',
  setup(build) {
    for (const [filter, path] of inBrowser) build.onResolve({ filter }, () => ({ path }))
    // asked for where these are: MuJoCo and TypeScript in Node, danfo's drawings on a page with windows
    build.onResolve(
      { filter: /^(module|plotly\.js-dist-min|node:.*|fs|path|os|crypto|inspector|perf_hooks|source-map-support)$/ },
      ({ path }) => ({
        path,
        external: true
      })
    )
  }
}

const common: BuildOptions = {
  bundle: true,
  minifyWhitespace: true,
  minifySyntax: true,
  minifyIdentifiers: true,
  platform: 'browser',
  target: 'es2022',
  logLevel: 'warning',
  define: { global: 'globalThis' }
}

/** Lines of SVG, by Plotly's names of them. */
const dashes: Readonly<Record<string, string>> = { dot: '2 4', dash: '8 5' }

/** The titles and looks of the strategies that a reader teaches. */
const looks = Object.fromEntries(
  strategies.map((name) => {
    const { color: colour, dash } = rg.lookOf(name)
    return [name, { title: rg.titleOf(name), colour, dash: dashes[dash] ?? '' }]
  })
)

/** Bundles the scripts of the page in front, and of the one on which the reader teaches, into a site. */
export async function bundleFront(site: string): Promise<void> {
  await build({
    ...common,
    entryPoints: { front: inRoot('tools/live/front.ts'), teach: inRoot('tools/live/teach/page.ts') },
    outdir: site,
    format: 'esm',
    define: { ...common.define, looks: JSON.stringify(looks) }
  })
}

/** Bundles into the folder of a labextension. */
export async function bundleExtension(folder: string): Promise<void> {
  const to = join(folder, 'static')
  const source = (path: string): string => inRoot('tools/live', path)
  const { files, types } = collectDeclarations()
  const globals = join(folder, 'globals.js')
  await mkdir(folder, { recursive: true })
  await writeFile(globals, globalsModule())
  await Promise.all([
    build({ ...common, entryPoints: [source('extension/index.ts')], outfile: join(to, 'live.js'), format: 'iife' }),
    build({
      ...common,
      entryPoints: { worker: source('kernel/worker.ts'), teach: source('teach/worker.ts') },
      outdir: join(to, 'kernel'),
      format: 'esm',
      splitting: true, // what is imported when needed is fetched then
      minifyIdentifiers: false, // cells show functions by their names
      inject: [globals],
      define: { ...common.define, typesOfModules: JSON.stringify(types) },
      plugins: [browserModules]
    }),
    build({
      ...common,
      entryPoints: { worker: source('language/worker.ts') },
      outdir: join(to, 'language'),
      format: 'esm',
      plugins: [browserModules]
    })
  ])
  await rm(globals)
  await writeFile(join(to, 'language/declarations.json'), JSON.stringify(files))
  await cp(installed('@mujoco/mujoco/mujoco.wasm'), join(to, 'kernel/mujoco.wasm'))
  await writeFile(join(folder, 'package.json'), JSON.stringify(description, undefined, 2))
}

const description = {
  name: '@radgrad/live',
  version: '0.1.0',
  description: 'The TypeScript kernel of the notebooks in a browser',
  license: 'MIT',
  jupyterlab: { extension: true, _build: { load: 'static/live.js', extension: './extension' } },
  jupyterlite: { liteExtension: true }
}
