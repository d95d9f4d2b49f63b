/** Set-up, then every check. Further arguments go to Vitest: npm test -- test/networks */
import { spawnSync } from 'node:child_process'
import { inRoot, root } from './setup/root.mjs'
import { setupOrExit } from './setup.mjs'

const checks = [
  ['lint', 'node_modules/@biomejs/biome/bin/biome', ['check', '.']],
  ['types', 'node_modules/typescript/bin/tsc', ['-p', '.']],
  ['types of lib/', 'node_modules/typescript/bin/tsc', ['-p', 'lib']],
  ['tests', 'node_modules/vitest/vitest.mjs', ['run', ...process.argv.slice(2)]]
]

await setupOrExit()
const failed = checks.filter(([name, script, args]) => {
  console.log(`\n${name}`)
  const env = { ...process.env, TF_CPP_MIN_LOG_LEVEL: '2' }
  return spawnSync(process.execPath, [inRoot(script), ...args], { cwd: root, env, stdio: 'inherit' }).status !== 0
})
if (failed.length > 0) {
  console.error(`\nfailed: ${failed.map(([name]) => name).join(', ')}`)
  process.exit(1)
}
