import { inRoot } from './root.mjs'
import { run } from './run.mjs'
import { contents } from './step.mjs'

/** The npm packages, exactly as in the lockfile. Install scripts stay off: tensorflow.mjs runs the one that matters. */
export const npmPackages = {
  name: 'npm-packages',
  doing: 'installing the npm packages of package-lock.json',
  inputs: () => [
    process.platform,
    process.arch,
    ...['package-lock.json', 'package.json', 'lib/package.json'].map((path) => contents(inRoot(path)))
  ],
  // npm writes this file last.
  outputs: () => [contents(inRoot('node_modules/.package-lock.json'))],
  async run() {
    const options = ['--ignore-scripts', '--include=dev', '--include=optional', '--no-audit', '--no-fund']
    await run('npm-packages', 'npm', ['ci', ...options, '--loglevel=http'], {
      arrived: (output) => output, // a line a package
      advice: 'the npm packages could not be installed; environment.md says what to do.'
    })
  }
}
