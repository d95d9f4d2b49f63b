// @ts-check
import { existsSync } from 'node:fs'
import { inRoot } from './root.mjs'
import { run } from './run.mjs'
import { contents } from './step.mjs'

// npm writes this file last.
const installed = inRoot('node_modules/.package-lock.json')

/**
 * The npm packages, exactly as in the lockfile. Install scripts stay off: tensorflow.mjs runs the one that matters.
 *
 * @type {import('./step.mjs').Step}
 */
export const npmPackages = {
  name: 'npm-packages',
  doing: 'installing the npm packages of package-lock.json',
  inputs: () => [
    process.platform,
    process.arch,
    ...['package-lock.json', 'package.json', 'lib/package.json', 'tools/package.json'].map((path) =>
      contents(inRoot(path))
    )
  ],
  outputs: () => [contents(installed), ...lost()],
  async run() {
    const options = ['--ignore-scripts', '--include=dev', '--include=optional', '--no-audit', '--no-fund']
    await run('npm-packages', 'npm', ['ci', ...options, '--loglevel=http'], {
      arrived: (output) => output, // a line a package
      advice: 'the npm packages could not be installed; environment.md says what to do.'
    })
  }
}

/** Packages that were installed and are gone. By lines, for what a full disk cut off is no JSON. */
function lost() {
  const folders = [...contents(installed).matchAll(/^ {4}"(.+)": \{$/gm)].map(([, folder]) => folder)
  return folders.filter((folder) => !existsSync(inRoot(folder, 'package.json')))
}
