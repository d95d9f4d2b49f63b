/** The live notebooks as an extension of JupyterLite: a webpack container, written by hand, which needs no webpack. */
import { barPlugin } from './bar.ts'
import { type LiteServices, type Plugin, type ShareScope, sharedModule } from './jupyterlite.ts'
import { kernelPlugin } from './kernel.ts'
import { startLanguage } from './language.ts'
import { sharingPlugin } from './sharing.ts'

const { src } = document.currentScript as HTMLScriptElement
const site = new URL('../../../../', src).href
let scope: ShareScope = {}

async function plugins(): Promise<Plugin[]> {
  const services = await sharedModule<LiteServices>(scope, '@jupyterlite/services')
  const language = startLanguage(new URL('language/worker.js', src))
  return [
    kernelPlugin(services, site, new URL('kernel/worker.js', src), language),
    language.plugin,
    barPlugin(site),
    sharingPlugin(site)
  ]
}

const containers: Record<string, unknown> = Reflect.get(window, '_JUPYTERLAB') ?? {}
Reflect.set(window, '_JUPYTERLAB', containers)
containers['@radgrad/live'] = {
  async init(given: ShareScope) {
    scope = given
  },
  async get() {
    const all = await plugins()
    return () => ({ __esModule: true, default: all })
  }
}
