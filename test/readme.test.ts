/** The README's code. */
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'

test('the README’s code is well typed', () => {
  const blocks = [...readFileSync('README.md', 'utf8').matchAll(/```ts\n([^`]*)```/g)].map(([, code]) => code)
  expect(blocks).toHaveLength(1)
  // inside the checkout, to find the library; the blocks go on from each other, as cells do
  mkdirSync('out', { recursive: true })
  const folder = mkdtempSync('out/readme-')
  onTestFinished(() => rmSync(folder, { recursive: true }))
  writeFileSync(join(folder, 'readme.ts'), blocks.join('\n'))
  writeFileSync(
    join(folder, 'tsconfig.json'),
    '{ "extends": "../../notebooks/tsconfig.json", "include": ["readme.ts"] }'
  )
  const { stdout } = spawnSync(process.execPath, ['node_modules/typescript/bin/tsc', '-p', folder], {
    encoding: 'utf8'
  })
  expect(stdout).toBe('')
})
