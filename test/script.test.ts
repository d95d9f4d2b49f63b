/** A plain script that runs an experiment, outside a notebook. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { expect, test } from 'vitest'

test('an interrupt ends a script that runs an experiment: what follows the loop is not run', async () => {
  const script = `
    require('radgrad-tools/host')
    const rg = require('radgrad')
    rg.loadExpert('reacher').then(async (expert) => {
      const protocol = rg.protocolFor('reacher', 'dagger', expert, { iterations: 500, trials: 2 })
      for await (const { record } of rg.experiment(protocol, 1)) console.log('iteration', record.iteration)
      console.log('went on')
    })`
  const running = spawn(process.execPath, ['--require', './tools/setup/node-compat.cjs', '-e', script])
  let printed = ''
  running.stdout.on('data', (text) => {
    printed += text
    if (printed.includes('iteration 2')) running.kill('SIGINT')
  })
  const [code, signal] = await once(running, 'exit')
  expect(printed).toContain('iteration 2')
  expect(printed).not.toContain('went on')
  // a shell tells this as 130
  expect([code, signal]).toEqual([null, 'SIGINT'])
})
