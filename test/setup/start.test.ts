/** The launcher of the tools. */
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

const start = (...args: string[]) =>
  spawnSync(process.execPath, ['tools/setup/start.mjs', ...args], { encoding: 'utf8' })

test.each([[[]], [['nothing']], [['setup']]])(
  'a tool that does not exist (%j) is reported before anything is done',
  (args) => {
    const { status, stdout, stderr } = start(...args)
    expect({ status, stdout, stderr }).toEqual({
      status: 1,
      stdout: '',
      stderr: `there is no tool '${args[0] ?? ''}'\n`
    })
  }
)

test.each(['--help', '-h'])('npm run reproduce -- %s prints the usage and does nothing else', (option) => {
  const { status, stdout, stderr } = start('reproduce', option)
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
  expect(stdout).toMatch(
    /^usage: npm run reproduce -- \[--quick \| --from-records\] \[notebook \| path\.ipynb \.\.\.\]\n/
  )
  for (const name of ['--quick', '--from-records', 'notebook ...'])
    expect(stdout).toMatch(new RegExp(`^  ${name}`, 'm'))
  expect(stdout).not.toContain('set-up')
})

test.each([
  ['bench', 'live, networks, peers, queue'],
  ['study', 'beyond, inspect, budget, budget-control, tasks, noise']
])('the command %s names its parts when none is given', (name, parts) => {
  const { scripts } = JSON.parse(readFileSync('package.json', 'utf8'))
  const { status, stderr } = start(scripts[name].split(' ').at(-1))
  expect(status).toBe(1)
  expect(stderr).toContain(`there is no ${name} '': choose one of ${parts}, `)
})
