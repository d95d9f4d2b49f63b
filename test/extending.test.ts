/** The examples of docs/extending.md. */
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { transformSync } from 'esbuild'
import { expect, onTestFinished, test } from 'vitest'

/** Returns the examples of a language, which go on from each other. */
const examples = (language: string): string[] =>
  [...readFileSync('docs/extending.md', 'utf8').matchAll(new RegExp(`\`\`\`${language}\\n([^]*?)\`\`\``, 'g'))].map(
    ([, code]) => code
  )

test('the examples of docs/extending.md are well typed, run, and print what they compute', () => {
  mkdirSync('out', { recursive: true })
  // inside the checkout, to find the library
  const folder = mkdtempSync('out/extending-')
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const code = examples('ts').join('\n')
  writeFileSync(join(folder, 'examples.ts'), code)
  writeFileSync(
    join(folder, 'tsconfig.json'),
    '{ "extends": "../../notebooks/tsconfig.json", "include": ["examples.ts"] }'
  )
  const types = spawnSync(process.execPath, ['node_modules/typescript/bin/tsc', '-p', folder], { encoding: 'utf8' })
  expect(types.stdout).toBe('')
  writeFileSync(join(folder, 'examples.mjs'), transformSync(code, { loader: 'ts' }).code)
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    ['--require', './tools/setup/node-compat.cjs', join(folder, 'examples.mjs')],
    { encoding: 'utf8' }
  )
  expect([stderr, status]).toEqual(['', 0])
  expect(stdout).toMatch(/^1 250 [\d.]+\n2 500 [\d.]+\n3 750 [\d.]+\n/)
  const later = /^error (\d+), expertControl (\d+)$/gm
  const counts = [...stdout.matchAll(later)].map(([, ...numbers]) => numbers.map(Number))
  expect(counts.length).toBe(2)
  for (const reason of [0, 1]) expect(counts[0][reason] + counts[1][reason]).toBeGreaterThan(0)
})
