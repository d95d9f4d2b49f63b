/** Set-up with the newest versions, on a disk that fills. */
import { execFileSync } from 'node:child_process'
import { statfsSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, describe, expect, test } from 'vitest'
import { outcome } from '../cli/radgrad'
import { adopt, removeFolders, run, start } from './checkout'
import { install, minutes, works } from './machine'

afterAll(removeFolders, 10 * minutes)

describe.skipIf(!process.env.RADGRAD_CI)('set-up with the newest versions', () => {
  const mount = (...options: string[]) => execFileSync('mount', options)
  const newest = { node: '24', npm: '12' }
  const machine = install(newest, (folder) => mount('-t', 'tmpfs', '-o', 'size=4g', 'tmpfs', folder))
  afterAll(() => void execFileSync('umount', [machine().folder]))

  /** Leaves so much room on the disk. */
  function leave(megabytes: number) {
    const { folder } = machine()
    const { blocks, bfree, bsize } = statfsSync(folder)
    const kilobytes = ((blocks - bfree) * bsize) / 1024 + megabytes * 1024
    mount('-o', `remount,size=${Math.ceil(kilobytes)}k`, folder)
  }

  test(
    'set-up reports a read-only disk, and one that fills at each step that installs; it goes on when there is room',
    async () => {
      const { folder, variables } = machine()
      mount('-o', 'remount,ro', folder)
      const refused = await run(folder, variables, 'node', 'tools/setup/setup.mjs')
      mount('-o', 'remount,rw', folder)
      expect(refused.stderr).toMatch(/^set-up: \S+ is on a disk that can only be read: .*\n$/)

      for (const [step, megabytes] of [
        ['npm packages', 20],
        ['JupyterLab', 20],
        ["TensorFlow's C library", 20]
      ] as const) {
        const setUp = start(folder, variables, 'node', 'tools/setup/setup.mjs')
        let told = ''
        setUp.stdout.on('data', (text) => {
          told += text
        })
        const ended = outcome(setUp)
        while (!told.includes(step) && setUp.exitCode === null) await sleep(20)
        leave(megabytes)
        const { code, stdout, stderr } = await ended
        expect(stdout).toContain(step)
        expect(stderr).toMatch(
          /^set-up: the disk that holds \S+ is full: free two gigabytes there, then run this again/
        )
        expect([code, stderr.trim().split('\n').length]).toEqual([1, 1])
        leave(3000)
        // once it has failed, the step is done by what CI's own set-up has installed
        if (step === 'JupyterLab') adopt(folder, '.venv')
        else if (step !== 'npm packages') adopt(folder, '.setup/libtensorflow')
      }
    },
    20 * minutes
  )

  works(newest, machine)
})
