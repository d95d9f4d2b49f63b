// @ts-check
import { spawnSync } from 'node:child_process'
import { ownEnvironment } from './python.mjs'

const oldest = 10 // of Python 3
const newest = 13 // that is tested
const names = ['python3', 'python3.13', 'python3.12', 'python3.11', 'python3.10', 'python']
const probe = [
  'import json, sys, importlib.util as u',
  'json.dump([sys.executable, *sys.version_info[:3], all(map(u.find_spec, ("venv", "ensurepip")))], sys.stdout)'
].join('\n')

/** Returns the path of a Python that can make virtual environments: $PYTHON's, else the first that fits, a tested one if there is one. */
export const findPython = () => choosePython().executable

/**
 * Returns the same, with what is told of it.
 *
 * @returns {{ executable: string, answer: string }}
 */
export function choosePython() {
  const tried = (process.env.PYTHON ? [process.env.PYTHON] : names).map((name) => ({ name, ...askPython(name) }))
  const able = tried.filter(({ fits, venv }) => fits && venv)
  if (able.length > 0) return able.find(({ tested }) => tested) ?? able[0]
  const advice = tried.some(({ fits }) => fits)
    ? 'Python is here, but without its venv and ensurepip modules: install them (Debian, Ubuntu: python3-venv)'
    : `Python 3.${oldest} or later is needed: install it (Debian, Ubuntu: python3, python3-venv) or name it in PYTHON`
  throw new Error(`${advice}\n${tried.map(({ name, answer }) => `    ${name}: ${answer}`).join('\n')}`)
}

/**
 * Asks a program which Python it is. One that is none has no executable.
 *
 * @param {string} name
 * @returns {{ answer: string, executable: string, venv: boolean, tested: boolean, fits: boolean }}
 */
export function askPython(name) {
  const none = { executable: '', venv: false, tested: false, fits: false }
  const { stdout, status } = spawnSync(name, ['-c', probe], { encoding: 'utf8', env: ownEnvironment() })
  if (status !== 0) return { ...none, answer: 'cannot be run' }
  const [told] = /^\[".*\]$/m.exec(stdout) ?? []
  if (!told) return { ...none, answer: 'runs, but is no Python' }
  const [executable, major, minor, patch, venv] = JSON.parse(told)
  const tested = minor <= newest
  return {
    executable,
    venv,
    tested,
    fits: major === 3 && minor >= oldest,
    answer: `${major}.${minor}.${patch}${tested ? '' : ', untested'}${venv ? '' : ', without venv or ensurepip'}`
  }
}
