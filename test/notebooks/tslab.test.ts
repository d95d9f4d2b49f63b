/** What the kernel makes up for in tslab. */
import { createRequire } from 'node:module'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { bindInTurn } from '../../tools/host/tslab.ts'

test('the kernel binds its sockets one after another, so that it can tell of its state when a request comes in', async () => {
  const { ZmqServer } = createRequire(import.meta.url)('tslab/dist/jupyter')
  bindInTurn()
  const seen: string[] = []
  const socket = (name: string, milliseconds: number) => ({
    async bind(address: string) {
      seen.push(`${name} at ${address}`)
      await sleep(milliseconds)
      seen.push(`${name} is bound`)
    }
  })
  const server = Object.create(ZmqServer.prototype, { connInfo: { value: { transport: 'tcp', ip: 'here' } } })
  await Promise.all([server.bindSocket(socket('state', 20), 1), server.bindSocket(socket('requests', 0), 2)])
  expect(seen).toEqual(['state at tcp://here:1', 'state is bound', 'requests at tcp://here:2', 'requests is bound'])
})
