import { spawnSync } from 'node:child_process'

const oldest = 10 // of Python 3
const names = ['python3', 'python3.13', 'python3.12', 'python3.11', 'python3.10', 'python']
const probe = [
  'import json, sys, importlib.util as u',
  'json.dump([sys.executable, *sys.version_info[:2], all(map(u.find_spec, ("venv", "ensurepip")))], sys.stdout)'
].join('\n')

/** The path of a Python that can make virtual environments: $PYTHON's, else the first that fits. */
export function findPython() {
  const tried = (process.env.PYTHON ? [process.env.PYTHON] : names).map((name) => ({ name, ...ask(name) }))
  const found = tried.find(({ fits, venv }) => fits && venv)
  if (found) return found.executable
  const advice = tried.some(({ fits }) => fits)
    ? 'Python is here, but without its venv and ensurepip modules: install them (Debian, Ubuntu: python3-venv)'
    : `Python 3.${oldest} or later is needed: install it (Debian, Ubuntu: python3, python3-venv) or name it in PYTHON`
  throw new Error(`${advice}\n${tried.map(({ name, answer }) => `    ${name}: ${answer}`).join('\n')}`)
}

function ask(name) {
  const { stdout, status } = spawnSync(name, ['-c', probe], { encoding: 'utf8' })
  if (status !== 0) return { answer: 'cannot be run' }
  const [executable, major, minor, venv] = JSON.parse(stdout)
  return {
    executable,
    venv,
    fits: major === 3 && minor >= oldest,
    answer: `${major}.${minor}${venv ? '' : ', without venv or ensurepip'}`
  }
}
