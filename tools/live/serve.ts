/** Serves a folder on the loopback address. */
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join, normalize } from 'node:path'
import { portError } from './port.ts'

/** Types without which a browser refuses a file, or takes it for another. */
const types: Readonly<Record<string, string>> = {
  '.css': 'text/css',
  '.html': 'text/html; charset=utf-8',
  '.ipynb': 'application/json',
  '.js': 'text/javascript',
  '.json': 'application/json',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.wasm': 'application/wasm',
  '.webmanifest': 'application/manifest+json',
  '.woff2': 'font/woff2'
}

/** @throws Error for a port that is taken */
export async function serve(folder: string, port = 0): Promise<{ readonly address: string; readonly server: Server }> {
  const server = createServer(async ({ url = '/' }, response) => {
    try {
      const path = await fileFor(folder, url)
      const { size } = await stat(path)
      response.writeHead(200, {
        'content-type': types[extname(path)] ?? 'application/octet-stream',
        'content-length': size,
        'cache-control': 'no-cache'
      })
      createReadStream(path).pipe(response)
    } catch {
      response.writeHead(404).end('not found')
    }
  })
  await new Promise<void>((resolve, reject) =>
    server.once('error', (error) => reject(portError(error, port))).listen(port, '127.0.0.1', resolve)
  )
  return { address: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, server }
}

/** Returns the file that an address names. It is in the folder: `..` leads nowhere else. */
async function fileFor(folder: string, url: string): Promise<string> {
  const { pathname } = new URL(url, 'http://localhost')
  const path = join(folder, normalize(decodeURIComponent(pathname)))
  return (await stat(path)).isDirectory() ? join(path, 'index.html') : path
}
