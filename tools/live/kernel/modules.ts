/** The modules that a cell can import: they are parts of the site, fetched when first imported. */
import { checkExports } from './exports.ts'
import { host } from './host.ts'

type Module = Readonly<Record<string, unknown>>

/** The names of the types of each module; the bundle has them. */
declare const typesOfModules: Readonly<Record<string, readonly string[]>>

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

/**
 * @param wanted names that the cell imports
 * @throws Error that names the modules there are, for another one, or SyntaxError for a name that the module has not
 */
export async function importModule(name: unknown, wanted: readonly string[] = []): Promise<Module> {
  const key = String(name)
  if (Object.hasOwn(modules, key)) {
    const module = await modules[key]()
    checkExports(key, Object.keys(module), wanted, typesOfModules[key])
    return module
  }
  if (key.startsWith('plotly'))
    throw new Error('Plotly draws on pages, and cells have none: rg.show({ data, layout }) shows a figure of Plotly’s')
  throw new Error(
    `there is no module '${key}' on this page, only ${Object.keys(modules).join(', ')}: a clone of the repository has all of Node's`
  )
}
