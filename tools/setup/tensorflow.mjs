// @ts-check
/**
 * tfjs-node is JavaScript around a binding around TensorFlow's C library, and its own install script fetches the latter
 * two from a storage that not every network reaches. So there are three routes, and the first that works is taken.
 */
import { spawnSync } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync
} from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { messageOf } from './errors.mjs'
import { jupyterEnvironment, python } from './python.mjs'
import { inRoot, memory, root } from './root.mjs'
import { DiskFull, run } from './run.mjs'
import { contents, identity, tree, writeWhole } from './step.mjs'

/** @param {string[]} parts */
const inPackage = (...parts) => inRoot('node_modules/@tensorflow/tfjs-node', ...parts)
const library = memory('libtensorflow')
const pureMain = 'pure.js'

const routes = [
  { how: "by the package's own install script", backend: 'tensorflow', install: ownScript },
  { how: "with TensorFlow's C library from PyPI, building the binding", backend: 'tensorflow', install: fromWheel },
  { how: 'not at all: pure-JavaScript TensorFlow.js takes its place, only slower', backend: 'cpu', install: pure }
]

/** @type {import('./step.mjs').Step} */
export const tensorflow = {
  name: 'tensorflow',
  doing: 'installing the native part of tfjs-node',
  inputs: () => [process.platform, process.arch],
  outputs: () => [contents(inPackage('package.json')), ...['lib', 'deps/lib'].flatMap((folder) => binaries(folder))],
  async run(remark) {
    /** @type {string[]} */
    const failures = []
    for (const { how, backend, install } of routes) {
      remark(how)
      try {
        clean()
        await install()
        await check(backend)
        return
      } catch (error) {
        if (error instanceof DiskFull) throw error
        failures.push(`${how}: ${messageOf(error)}`)
        remark(`that did not work (${messageOf(error).split('\n')[0]})`)
      }
    }
    throw new Error(`TensorFlow.js does not work here; environment.md says what to do.\n${failures.join('\n')}`)
  }
}

/** CXX may hold options too, or begin with ccache. */
export const buildTools = () => ['make', (process.env.CXX || 'g++').trim().split(/\s+/)[0]]

/** Returns the route by which it was installed. */
export function routeTaken() {
  const [own, wheel, none] = routes
  if (JSON.parse(readFileSync(inPackage('package.json'), 'utf8')).main === pureMain) return none
  return existsSync(library) && realpathSync(inPackage('deps')) === realpathSync(library) ? wheel : own
}

async function ownScript() {
  await run('tensorflow-own-script', process.execPath, [inPackage('scripts/install.js')], building())
}

async function fromWheel() {
  if (process.platform !== 'linux' || process.arch !== 'x64') throw new Error('that library is for Linux on x64')
  if (/\s/.test(root))
    throw new Error("there is a space in the checkout's path, and make takes none: move the checkout")
  for (const tool of buildTools()) {
    if (spawnSync(tool, ['--version']).status !== 0) throw new Error(`${tool} is missing (Debian: build-essential)`)
  }
  if (!existsSync(library)) await fetchLibrary()
  symlinkSync(library, inPackage('deps'))
  const build = [inRoot('node_modules/@mapbox/node-pre-gyp/bin/node-pre-gyp'), 'install', '--build-from-source']
  await run('tensorflow-build', process.execPath, build, building())
}

/** Kept outside node_modules, which `npm ci` empties. */
async function fetchLibrary() {
  const part = `${library}.part`
  rmSync(part, { recursive: true, force: true })
  mkdirSync(part, { recursive: true })
  const wheelFor = ['--no-deps', '--only-binary=:all:', '--python-version=3.11', '--platform=manylinux2014_x86_64']
  const pinned = ['--require-hashes', '-r', inRoot('tools/setup/libtensorflow.txt')]
  const pip = ['-m', 'pip', 'download', '--disable-pip-version-check', ...wheelFor, ...pinned, '-d', part]
  await run('tensorflow-download', python(), pip, { env: jupyterEnvironment() })
  const wheel = join(part, readdirSync(part)[0])
  await run('tensorflow-unpack', python(), [inRoot('tools/setup/unpack-libtensorflow.py'), wheel, part], {
    env: jupyterEnvironment()
  })
  rmSync(wheel)
  renameSync(part, library)
}

/** tfjs with tfjs-node's files, and without the advice to install tfjs-node. */
function pure() {
  writeWhole(
    inPackage(pureMain),
    `// Written by tools/setup/tensorflow.mjs: tfjs-node could not be built.
const tf = require('@tensorflow/tfjs')
const io = require('./dist/io')
const { nodeFileSystemRouter } = require('./dist/io/file_system')
tf.setBackend('cpu')
tf.backend().firstUse = false
tf.io.registerLoadRouter(nodeFileSystemRouter)
tf.io.registerSaveRouter(nodeFileSystemRouter)
module.exports = { ...tf, io: { ...tf.io, ...io } }
`
  )
  setMain(pureMain)
}

function clean() {
  for (const folder of ['deps', 'lib', 'build']) rmSync(inPackage(folder), { recursive: true, force: true })
  setMain('dist/index.js')
}

/** @param {string} main */
function setMain(main) {
  const manifest = JSON.parse(readFileSync(inPackage('package.json'), 'utf8'))
  writeWhole(inPackage('package.json'), `${JSON.stringify({ ...manifest, main }, undefined, 2)}\n`)
}

/** @param {string} backend */
async function check(backend) {
  const code = `
    const tf = require('@tensorflow/tfjs-node')
    if (tf.getBackend() !== '${backend}') throw new Error('the backend is ' + tf.getBackend())
    if (tf.tensor([1, 2]).sum().arraySync() !== 3) throw new Error('one and two are not three')`
  await run('tensorflow-check', process.execPath, ['--require', inRoot('tools/setup/node-compat.cjs'), '-e', code])
}

/** Options to run what may download and build: with Node's own headers where it has them, in no folder of the user's. */
function building() {
  return {
    cwd: inPackage(),
    env: {
      PATH: `${inRoot('node_modules/.bin')}${delimiter}${process.env.PATH}`,
      npm_config_python: python(),
      npm_config_devdir: memory('node-headers'),
      ...nodeHeaders(),
      ...nodeGyp()
    },
    arrived: written
  }
}

/**
 * Finds them beside Node, or where npm's package `node` keeps them.
 *
 * @returns {Record<string, string>}
 */
function nodeHeaders() {
  const prefix = dirname(dirname(process.execPath))
  const platform = `node-${process.platform}-${process.arch}`
  const places = [prefix, join(prefix, 'node_modules', platform), join(dirname(prefix), platform)]
  const found = places.find((place) => existsSync(join(place, 'include/node/node_api.h')))
  return found ? { npm_config_nodedir: found } : {}
}

/**
 * Finds npm's own, which `npm run` names, but `node tools/setup/setup.mjs` does not.
 *
 * @returns {Record<string, string>}
 */
function nodeGyp() {
  const npm = (process.env.PATH ?? '')
    .split(delimiter)
    .map((folder) => join(folder, 'npm'))
    .find((path) => existsSync(path))
  const script = npm && join(dirname(dirname(realpathSync(npm))), 'node_modules/node-gyp/bin/node-gyp.js')
  return script && existsSync(script) ? { npm_config_node_gyp: script } : {}
}

const written = () => binaries('.').join()

/** @param {string} folder */
const binaries = (folder) => tree(inPackage(folder), () => true, identity)
