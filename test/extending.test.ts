/** The examples of docs/extending.md. */
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { transformSync } from 'esbuild'
import { expect, onTestFinished, test } from 'vitest'

/** Returns the examples of a language, which go on from each other. */
const examples = (language: string): string[] =>
  [...readFileSync('docs/extending.md', 'utf8').matchAll(new RegExp(`^\`\`\`${language}\\n([^]*?)\`\`\``, 'gm'))].map(
    ([, code]) => code
  )

test('the examples of docs/extending.md are well typed, run, and print what they compute', () => {
  mkdirSync('out', { recursive: true })
  // inside the checkout, to find the library
  const folder = mkdtempSync('out/extending-')
  onTestFinished(() => rmSync(folder, { recursive: true }))
  for (const file of ['mine.ts', 'priced.ts']) writeFileSync(join(folder, file), examples(`ts ${file}`).join())
  const priced = "const [paid] = await rg.sweep('reacher', './priced.ts', { set: settings, results: 'swept' })"
  const shown = "console.log('DAgger', ...paid.outcome.iterations.map(({ queries, cost }) => [queries, cost].join()))"
  const code = [...examples('ts'), priced, shown].join('\n')
  writeFileSync(join(folder, 'examples.ts'), code)
  writeFileSync(
    join(folder, 'tsconfig.json'),
    '{ "extends": "../../notebooks/tsconfig.json", "include": ["examples.ts", "mine.ts", "priced.ts"] }'
  )
  const types = spawnSync(process.execPath, ['node_modules/typescript/bin/tsc', '-p', folder], { encoding: 'utf8' })
  expect(types.stdout).toBe('')
  writeFileSync(join(folder, 'examples.mjs'), transformSync(code, { loader: 'ts' }).code)
  const numbers = Array.from({ length: 40 }, (_, row) => Array.from({ length: 13 }, (_, i) => ((row * i) % 7) / 7))
  writeFileSync(join(folder, 'demonstrations.csv'), [numbers[0].map((_, i) => `n${i}`), ...numbers].join('\n'))
  const compat = resolve('tools/setup/node-compat.cjs')
  const { stdout, stderr, status } = spawnSync(process.execPath, ['--require', compat, 'examples.mjs'], {
    cwd: folder,
    encoding: 'utf8'
  })
  expect([stderr, status]).toEqual(['', 0])
  expect(stdout).toMatch(/^1 250 [\d.]+\n2 500 [\d.]+\n3 750 [\d.]+\n/)
  const later = /^error (\d+), expertControl (\d+)$/gm
  const counts = [...stdout.matchAll(later)].map(([, ...numbers]) => numbers.map(Number))
  expect(counts.length).toBe(2)
  for (const reason of [0, 1]) expect(counts[0][reason] + counts[1][reason]).toBeGreaterThan(0)
  const costs = [...stdout.matchAll(/^(\d+) labels of (\d+)$/gm)].map(([, labels, cost]) => [
    Number(labels),
    Number(cost)
  ])
  expect(costs).toHaveLength(3)
  const [labels, cost] = costs[2]
  expect(cost).toBeGreaterThan(1.1 * labels)
  expect(Math.abs(cost - 600)).toBeLessThan(5)
  expect(readFileSync(join(folder, 'episodes.html'), 'utf8')).toMatch(/<title>One target<\/title>[\s\S]*"frames":\[\{/)
  expect(stdout).toMatch(/^1 40 demonstrations\n2 290 always\n3 540 always\n/m)
  expect(stdout).toMatch(/^reacher mine rate=0\.2 seed 2: \d+ queries, /m)
  expect(stdout).toContain('0.1 1 1; 0.1 1 2; 0.1 2 1; 0.1 2 2; 0.2 1 1; 0.2 1 2; 0.2 2 1; 0.2 2 2\n')
  const rows = readFileSync(join(folder, 'rates.tex'), 'utf8').split('\n')
  expect(rows[3]).toBe(' & loss & least \\\\')
  expect(rows.slice(5, 8).map((row) => row.replace(/ & .*/, ''))).toEqual(['mine, 0.1', 'mine, 0.2', 'supervised'])
  expect(stdout).toMatch(/\[figure: Significantly better than mine, 0.1: /)
  expect(stdout).toContain('RND-DAgger@unverifiable\n')
  const [, first, second] = /DAgger 250,([\d.]+) 500,([\d.]+)\n$/.exec(stdout) ?? []
  expect([Number(first) > 1.1 * 250, Number(second) > Number(first)]).toEqual([true, true])
}, 240_000)
