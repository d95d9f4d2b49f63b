/** A real redis-server, as Debian's package has it. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { describe } from 'vitest'
import { newFolder } from '../cli/radgrad'

const found = spawnSync('redis-server', ['--version']).status === 0

/** Tests that are left out, saying why, where there is no redis-server; with RADGRAD_CI they fail there. */
export function describeWithRedis(name: string, options: { readonly concurrent: boolean }, tests: () => void): void {
  if (found || process.env.RADGRAD_CI) describe(name, options, tests)
  else describe.skip(`${name} (there is no redis-server: apt-get install redis-server)`, tests)
}

export interface RedisServer {
  readonly port: number
  readonly url: string
  /** As a machine does that is shut down. */
  stop(): Promise<void>
  start(): Promise<void>
}

/**
 * @param options of redis-server; without any it remembers nothing when it is stopped
 * @param atEnd takes what ends it
 */
export async function startRedis(
  options: readonly string[],
  atEnd: (stop: () => Promise<void>) => void
): Promise<RedisServer> {
  const port = await freePort()
  const [folder, listening] = [await newFolder(), options.includes('--tls-port') ? [] : ['--port', String(port)]]
  const args = ['--dir', folder, '--save', '', ...listening, ...options.map((o) => o.replace('PORT', String(port)))]
  let server: ChildProcess | undefined
  const start = async (): Promise<void> => {
    server = spawn('redis-server', args, { stdio: ['ignore', 'pipe', 'inherit'] })
    for await (const text of server.stdout!.setEncoding('utf8').iterator({ destroyOnReturn: false }))
      if (text.includes('Ready to accept connections')) break
    server.stdout!.resume()
  }
  const stop = async (): Promise<void> => {
    if (!server || server.exitCode !== null || server.signalCode !== null) return
    const ended = once(server, 'close')
    server.kill('SIGTERM')
    await ended
  }
  await start()
  atEnd(stop)
  return { port, url: `redis://localhost:${port}`, stop, start }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0)
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}
