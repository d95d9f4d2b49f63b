import { execFileSync } from 'node:child_process'
import { lstat, mkdir, mkdtemp, readdir, readFile, symlink, writeFile } from 'node:fs/promises'
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

  test('the host of Node follows links, also those that lead nowhere yet, and leaves them', async () => {
    const [target, link, chain] = ['target', 'link', 'chain'].map((name) => join(folder, name))
    await mkdir(join(folder, 'deep'))
    await symlink('../later/made', join(folder, 'deep', 'dangling'))
    await symlink(join(folder, 'deep'), join(folder, 'door'))
    await symlink('target', link)
    await symlink(link, chain)
    await writeFile(target, 'old')
    await nodeHost.writeFile(chain, 'new')
    expect(await readFile(target, 'utf8')).toBe('new')
    await nodeHost.writeFile(join(folder, 'door', 'dangling'), 'made')
    expect(await readFile(join(folder, 'later', 'made'), 'utf8')).toBe('made')
    for (const path of [link, chain, join(folder, 'deep', 'dangling')])
      expect((await lstat(path)).isSymbolicLink(), path).toBe(true)
    expect((await readdir(folder)).sort()).toEqual(['chain', 'deep', 'door', 'later', 'link', 'target'])
    await symlink('loop', join(folder, 'loop'))
    await expect(nodeHost.writeFile(join(folder, 'loop'), '')).rejects.toThrow(/ELOOP/)
  })

  test('the host of Node writes to a pipe, and to a device behind a link, and both stay what they are', async () => {
    const pipe = join(folder, 'pipe')
    execFileSync('mkfifo', [pipe])
    const heard = readFile(pipe, 'utf8')
    await nodeHost.writeFile(pipe, 'through')
    expect(await heard).toBe('through')
    expect((await lstat(pipe)).isFIFO()).toBe(true)
    await symlink('/dev/null', join(folder, 'null'))
    await nodeHost.writeFile(join(folder, 'null'), 'away')
    expect((await lstat('/dev/null')).isCharacterDevice()).toBe(true)
    expect((await readdir(folder)).sort()).toEqual(['null', 'pipe'])
  })

  test('the host of Node refuses to list a folder that is missing, and a file', async () => {
    await writeFile(join(folder, 'file'), '')
    expect(await nodeHost.listFolder(folder)).toEqual(['file'])
    await expect(nodeHost.listFolder(join(folder, 'nowhere'))).rejects.toThrow(/^there is no folder .*nowhere$/)
    await expect(nodeHost.readFile('no/file')).rejects.toThrow(join(process.cwd(), 'no/file'))
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
