/** The lock of set-up, in a folder that holds no more of a checkout than the lock needs. */
import { type ChildProcessWithoutNullStreams, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { newFolder, removeFolders } from './checkout'

afterAll(removeFolders)

describe('the lock of set-up', () => {
  let folder: string
  beforeEach(() => {
    folder = newFolder()
    cpSync('tools/setup', join(folder, 'tools/setup'), { recursive: true })
    cpSync('package-lock.json', join(folder, 'package-lock.json'))
    mkdirSync(join(folder, '.setup'))
  })

  /** Takes the lock, says so, and gives it back when its standard input ends. */
  const program = () =>
    `const { takeLock } = await import('${pathToFileURL(join(folder, 'tools/setup/lock.mjs')).href}')
    const release = await takeLock()
    console.log('taken')
    process.stdin.on('end', release).resume()`

  function take() {
    const taker = spawn(process.execPath, ['--input-type=module', '-e', program()])
    onTestFinished(() => void taker.kill('SIGKILL'))
    return taker
  }

  /** Returns all that is said by a taker of the lock, to whom `waits` happens once it says that it waits. */
  async function said(taker: ChildProcessWithoutNullStreams, waits: () => void = () => {}): Promise<string> {
    let text = ''
    taker.stdin.end()
    taker.stdout.on('data', (data) => {
      text += data
      if (text.includes('waiting')) waits()
    })
    await once(taker, 'close')
    return text
  }

  const leave = (text: string) => writeFileSync(join(folder, '.setup/lock'), text)
  const began = (pid: number) => readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ')[19]
  const gone = () => spawnSync('true').pid

  test('the lock of a living set-up is waited for', async () => {
    const holder = take()
    await once(holder.stdout, 'data')
    const text = await said(take(), () => holder.stdin.end())
    expect(text).toMatch(new RegExp(`^set-up: waiting for another set-up \\(process ${holder.pid}\\).*\ntaken\n$`))
  })

  test('the lock of a killed set-up is waited for while the command that it ran goes on', async () => {
    const command = spawn('sleep', ['60'])
    leave(`${gone()} 1\n${command.pid} ${began(command.pid as number)}\n`)
    const text = await said(take(), () => command.kill())
    expect(text).toMatch(new RegExp(`^set-up: waiting for another set-up \\(process ${command.pid}\\).*\ntaken\n$`))
  })

  test('the lock of a killed set-up whose number another process has is taken over, and that is said', async () => {
    leave(`${process.pid} ${Number(began(process.pid)) - 1}\n`)
    const text = await said(take())
    expect(text).toBe(
      `set-up: process ${process.pid} is not the one that left ${join(folder, '.setup/lock')}: taking it over\ntaken\n`
    )
  })

  test('a lock that names no living process is taken over', async () => {
    const parent = spawn('sh', ['-c', 'sleep 0 & echo $!; exec sleep 60'], { stdio: ['ignore', 'pipe', 'inherit'] })
    onTestFinished(() => void parent.kill('SIGKILL'))
    const zombie = Number(String((await once(parent.stdout, 'data'))[0]))
    for (const text of ['', `${gone()} 1\n`, `0 ${began(process.pid)}\n`, `${zombie} ${began(zombie)}\n`]) {
      leave(text)
      expect(await said(take()), text).toBe('taken\n')
    }
  })

  const mayMount = spawnSync('unshare', ['--mount', 'mount', '-t', 'tmpfs', 'tmpfs', '/proc']).status === 0
  test.skipIf(!mayMount && !process.env.RADGRAD_CI)(
    'where there is no /proc, ps says when the lock’s owner began (needs the right to mount)',
    async () => {
      const bin = newFolder()
      writeFileSync(join(bin, 'ps'), '#!/bin/sh\necho Thu Nov 26 07:48:18 2026\n', { mode: 0o755 })
      const withoutProc = (text: string) => {
        leave(text)
        const mount = 'mount -t tmpfs tmpfs /proc && exec timeout 10 "$0" --input-type=module -e "$1"'
        return said(
          spawn('unshare', ['--mount', 'sh', '-c', mount, process.execPath, program()], {
            env: { ...process.env, PATH: `${bin}:${process.env.PATH}` }
          })
        )
      }
      expect(await withoutProc(`${process.pid} Thu Nov 26 07:48:18 2026\n`)).toMatch(/^set-up: waiting for .*\n$/)
      expect(await withoutProc(`${process.pid} Wed Nov 25 07:48:18 2026\n`)).toMatch(/: taking it over\ntaken\n$/)
    }
  )
})
