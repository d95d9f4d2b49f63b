// @ts-check
/**
 * Starts a tool, once everything is set up and compiled: `start.mjs site` runs tools/site/main.ts. Further arguments are the tool's.
 * It runs in this process, so that signals reach it.
 */
import { existsSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import { messageOf } from './errors.mjs'
import { help, readArguments } from './reproduce-arguments.mjs'
import { inRoot } from './root.mjs'
import { setupOrExit } from './setup.mjs'
import { checkVirtualMemory } from './virtual-memory.mjs'

const [name = ''] = process.argv.splice(2, 1)
if (!existsSync(inRoot('tools', name, 'main.ts'))) fail(`there is no tool '${name}'`)
if (name === 'reproduce') checkArguments()
await setupOrExit()
checkMemory()
await import(pathToFileURL(inRoot('tools/dist/host/register.js')).href)
await import(pathToFileURL(inRoot('tools/dist', name, 'main.js')).href)

/** Tells of a mistyped argument, or prints the help, before minutes of set-up. */
function checkArguments() {
  try {
    if (!readArguments(process.argv.slice(2)).help) return
  } catch (error) {
    fail(messageOf(error))
  }
  process.stdout.write(help)
  process.exit()
}

function checkMemory() {
  try {
    checkVirtualMemory()
  } catch (error) {
    fail(messageOf(error))
  }
}

/**
 * @param {string} words
 * @returns {never}
 */
function fail(words) {
  console.error(words)
  process.exit(1)
}
