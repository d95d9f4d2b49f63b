import { execFileSync } from 'node:child_process'
import { mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { nodeHost } from '../../tools/host/node.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'radgrad-host-'))
})
afterEach(() => vi.unstubAllEnvs())

test('without a host the library computes, and says in a sentence why it cannot read', () => {
  const script = `
    const rg = require('radgrad')
    rg.show({ columns: ['a'], index: ['b'], values: [[rg.mean([1, 2])]] })
    rg.loadExpert('reacher').catch(({ message }) => console.log(message))`
  const printed = execFileSync(process.execPath, [
    '--require',
    './tools/setup/node-compat.cjs',
    '-e',
    script
  ]).toString()
  expect(printed).toBe(
    "     a\nb  1.5\nno host is registered: import 'radgrad-tools/host' first, which gives radgrad the files of Node\n"
  )
})

describe('the host of Node', () => {
  test('the host of Node replaces a file and leaves nothing beside it, in a folder that it makes', async () => {
    const path = join(folder, 'not', 'there', 'yet')
    await nodeHost.writeFile(path, 'old')
    await nodeHost.writeFile(path, new Uint8Array([110, 101, 119]))
    expect(await readFile(path, 'utf8')).toBe('new')
    expect(await readdir(join(folder, 'not', 'there'))).toEqual(['yet'])
  })

  test('the host of Node lists nothing in a folder that is missing, and refuses a file', async () => {
    await writeFile(join(folder, 'file'), '')
    expect(await nodeHost.listFolder(folder)).toEqual(['file'])
    expect(await nodeHost.listFolder(join(folder, 'nowhere'))).toEqual([])
    await expect(nodeHost.listFolder(join(folder, 'file'))).rejects.toThrow(/ENOTDIR/)
    expect(await nodeHost.exists(join(folder, 'file'))).toBe(true)
    expect(await nodeHost.exists(join(folder, 'nowhere'))).toBe(false)
  })

  test('the host of Node reads its settings from the environment at each call', () => {
    const { data } = nodeHost.settings()
    expect(data).toBe(join(import.meta.dirname, '../../data'))
    vi.stubEnv('RADGRAD_QUICK', '1')
    vi.stubEnv('RADGRAD_RESULTS', folder)
    expect(nodeHost.settings()).toEqual({ data, quick: true, freshRecords: folder })
    vi.stubEnv('RADGRAD_QUICK', '')
    vi.stubEnv('RADGRAD_RESULTS', '')
    expect(nodeHost.settings()).toEqual({ data, quick: false, freshRecords: undefined })
  })

  test('the host of Node hides the first interrupt from other listeners, and lets them hear the second', () => {
    const other = vi.fn()
    const stop = vi.fn()
    const listeners = process.listeners('SIGINT')
    process.on('SIGINT', other)
    const end = nodeHost.onInterrupt(stop)
    process.emit('SIGINT')
    expect([stop.mock.calls.length, other.mock.calls.length]).toEqual([1, 0])
    process.emit('SIGINT')
    expect([stop.mock.calls.length, other.mock.calls.length]).toEqual([1, 1])
    end()
    process.off('SIGINT', other)
    expect(process.listeners('SIGINT')).toEqual(listeners)
  })
})
