/** A site of live notebooks for tests, below the root of its server. */
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { buildLive } from '../../tools/live/build.ts'
import { serve } from '../../tools/live/serve.ts'
import { inRoot } from '../../tools/setup/root.mjs'
import { stripNotebooks } from './page'

/** Builds and serves it. Its notebooks have no outputs, but for `committed.ipynb`, which is 02-dagger as it is committed. */
export async function startSite() {
  await mkdir(inRoot('out'), { recursive: true })
  const folder = await mkdtemp(inRoot('out/live-'))
  const notebooks = join(folder, 'notebooks')
  await stripNotebooks(notebooks)
  await cp(inRoot('notebooks/02-dagger.ipynb'), join(notebooks, 'committed.ipynb'))
  await buildLive(join(folder, 'below/the/root'), notebooks)
  // beside the site, on the same server
  await cp(inRoot('notebooks/03-safedagger.ipynb'), join(folder, 'below/the/beside.ipynb'))
  await writeFile(join(folder, 'index.html'), 'the root is another’s')
  const { address, server } = await serve(folder)
  return {
    address: `${address}below/the/root/`,
    async stop() {
      server.closeAllConnections()
      server.close()
      await rm(folder, { recursive: true })
    }
  }
}
