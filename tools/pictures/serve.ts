import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import type { Figure } from 'radgrad'
import { stillRenderer } from './draw.ts'

/**
 * Draws the pictures of other processes with one Chromium: it starts and loads Plotly once, which takes seconds. Who posts a figure
 * gets its picture, PNG in base64.
 */
export async function servePictures(): Promise<{ readonly url: string; close(): Promise<void> }> {
  const renderer = stillRenderer()
  // one page draws one figure at a time
  let last: Promise<unknown> = Promise.resolve()
  const server = createServer((request, response) => {
    const picture = Promise.all([text(request), last]).then(([body]) => renderer.render(JSON.parse(body) as Figure))
    last = picture.catch(() => {})
    picture.then(
      (png) => response.end(png),
      () => response.writeHead(500).end()
    )
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  await renderer.begun
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      server.close()
      server.closeAllConnections()
      await renderer.close()
    }
  }
}
