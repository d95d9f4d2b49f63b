// @ts-check
/**
 * V8 reserves some 10 GB of addresses for each memory of WebAssembly, and uses little of them. A limit on virtual memory
 * (`ulimit -v`, which some clusters set for their jobs) counts what is reserved.
 */
import { spawnSync } from 'node:child_process'

/** Memories at a time: MuJoCo's, and those of a notebook's networks. */
const memories = 8

export const remedy =
  'raise the limit (ulimit -v unlimited), or set NODE_OPTIONS=--disable-wasm-trap-handler; docs/machines.md says more'

/**
 * Returns an error's words, with the cause and the way out where they are V8's of a reservation that failed.
 *
 * @param {string} words
 */
export const withRemedy = (words) =>
  /Wasm memory|WebAssembly\.Memory.*(allocate|grow)/.test(words) ? `${words}\n${cause()}: ${remedy}` : words

/**
 * Tries to reserve what WebAssembly may ask for, in a process of its own. Returns what came of it.
 *
 * @throws Error that names the limit, and says how many memories there is room for
 */
export function virtualMemory() {
  const reserve = `for (const all = []; all.length < ${memories}; console.log()) all.push(new WebAssembly.Memory({ initial: 1 }))`
  const { stdout } = spawnSync(process.execPath, ['-e', reserve], { encoding: 'utf8' })
  if (stdout.length < memories)
    throw new Error(`${cause()}: room for ${stdout.length} of the ${memories} that a notebook may have`)
  return `enough for WebAssembly${limited()}`
}

/**
 * Reserves one memory, before whatever comes first to need one ends in the engine's words.
 *
 * @throws Error that names the limit and the remedy
 */
export function checkVirtualMemory() {
  try {
    new WebAssembly.Memory({ initial: 1 })
  } catch {
    throw new Error(`${cause()}: ${remedy}`)
  }
}

const cause = () => `WebAssembly reserves 10 GB of addresses for each network, and virtual memory is short${limited()}`

function limited() {
  const kilobytes = Number(spawnSync('sh', ['-c', 'ulimit -v'], { encoding: 'utf8' }).stdout)
  return kilobytes > 0 ? ` (limited to ${Math.round(kilobytes / 1e6)} GB by ulimit -v)` : ''
}
