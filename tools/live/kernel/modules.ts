/** The modules that a cell can import: they are parts of the site, fetched when first imported. */
import { host } from './host.ts'

type Module = Readonly<Record<string, unknown>>

const modules: Readonly<Record<string, () => Promise<Module>>> = {
  async radgrad() {
    const { setHost } = await import('radgrad/dist/internal.js')
    setHost(host)
    return import('radgrad')
  },
  'danfojs-node': async () => named(await import('danfojs-node')),
  mathjs: () => import('mathjs'),
  '@tensorflow/tfjs-node': () => import('@tensorflow/tfjs-node')
}

/** Returns a module of CommonJS, which a bundle has as a default export, with its names. */
const named = (module: Module): Module => ({ ...module, ...Object(module.default) })

/** @throws Error that names the modules there are, for another one */
export async function importModule(name: unknown): Promise<Module> {
  const load = modules[String(name)]
  if (load) return load()
  if (String(name).startsWith('plotly'))
    throw new Error('Plotly draws on pages, and cells have none: rg.show({ data, layout }) shows a figure of Plotly’s')
  throw new Error(
    `there is no module '${name}' on this page, only ${Object.keys(modules).join(', ')}: a clone of the repository has all of Node's`
  )
}
