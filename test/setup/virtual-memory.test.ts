/** A limit of virtual memory, of which WebAssembly reserves much. */
import { spawnSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { withRemedy } from '../../tools/setup/virtual-memory.mjs'

const wayOut =
  'raise the limit (ulimit -v unlimited), or set NODE_OPTIONS=--disable-wasm-trap-handler; docs/machines.md'

/** Runs Node within so many gigabytes of virtual memory. */
function within(gigabytes: number, options: string, ...args: string[]) {
  const limited = ['-c', `ulimit -v ${gigabytes}000000; exec "$@"`, 'sh', process.execPath, ...args]
  return spawnSync('sh', limited, { encoding: 'utf8', env: { ...process.env, NODE_OPTIONS: options } })
}

const run = ['tools/bin/radgrad.js', 'run', '--environment=reacher', '--strategy=loss-gradient', '--json']
const small = ['--iterations=2', '--trials=1', '--episodes=1']

// of the first nothing finds room, of the second a network
test.each([8, 16])(
  'a run within %i GB of virtual memory names the limit and the way out, which works',
  (gigabytes) => {
    const { status, stdout, stderr } = within(gigabytes, '', ...run, ...small)
    expect([status, stdout]).toEqual([1, ''])
    const engine = gigabytes === 16 ? 'WebAssembly.Instance\\(\\): Out of memory.*\n' : ''
    expect(stderr).toMatch(new RegExp(`^radgrad: ${engine}WebAssembly reserves 10 GB of addresses for each network`))
    expect(stderr).toContain(`(limited to ${gigabytes} GB by ulimit -v): ${wayOut}`)
    const again = within(gigabytes, '--disable-wasm-trap-handler', ...run, ...small)
    expect(again.status, again.stderr).toBe(0)
    const withoutTimes = (text: string) => text.replace(/"seconds":.*$/gm, '')
    const free = spawnSync(process.execPath, [...run, ...small], { encoding: 'utf8' })
    expect(withoutTimes(again.stdout)).toBe(withoutTimes(free.stdout))
  },
  60_000
)

test('a worker process that finds no virtual memory has the command name the limit', () => {
  const { status, stdout, stderr } = within(24, '', 'tools/bin/radgrad.js', 'verify', '--runs=1')
  expect(status).toBe(1)
  expect(stdout + stderr).toContain(`(limited to 24 GB by ulimit -v): ${wayOut}`)
}, 60_000)

test('the doctor names a limit of virtual memory, and has nothing against it once WebAssembly reserves none', () => {
  const limited = within(8, '', 'tools/setup/doctor.mjs')
  expect(limited.stdout).toMatch(
    /✗ virtual memory: .*\(limited to 8 GB by ulimit -v\): room for 0 of the 8 that a notebook may have\n {4}costs: .*"Out of memory"\n/
  )
  expect(limited.stdout).toContain(`    do: ${wayOut}`)
  expect(limited.status).toBe(1)
  const program = "import('./tools/setup/virtual-memory.mjs').then(({ virtualMemory: find }) => console.log(find()))"
  const { stdout } = within(8, '--disable-wasm-trap-handler', '-e', program)
  expect(stdout).toBe('enough for WebAssembly (limited to 8 GB by ulimit -v)\n')
}, 60_000)

test('the words of other errors stay as they are', () => {
  for (const words of ['Out of memory', 'there is no notebook 07-more']) expect(withRemedy(words)).toBe(words)
})
