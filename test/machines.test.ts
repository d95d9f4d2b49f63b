import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { newFolder } from './cli/radgrad'

test('the Slurm template of docs/machines.md does the shards of a sweep, each run once', async () => {
  const [, template] = /```sh\n(#!\/bin\/bash\n[^`]*)```/.exec(readFileSync('docs/machines.md', 'utf8')) ?? []
  const results = join(await newFolder(), 'results')
  const script = template
    .replace('--seeds 10', '--seeds 2 --quick --environments reacher --strategies random')
    .replace('data/results', results)
  const slurm = { SLURM_SUBMIT_DIR: process.cwd(), SLURM_CPUS_PER_TASK: '1', SLURM_ARRAY_TASK_COUNT: '2' }
  for (const task of [1, 2]) {
    const env = { ...process.env, ...slurm, SLURM_ARRAY_TASK_ID: String(task) }
    expect(execFileSync('bash', ['-eu'], { input: script, env, encoding: 'utf8' })).toContain(', 1 to go\n')
    expect(readdirSync(results)).toHaveLength(task)
  }
}, 120_000)
