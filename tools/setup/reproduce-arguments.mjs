// @ts-check
import { existsSync, readdirSync } from 'node:fs'
import { basename, relative } from 'node:path'
import { parseArgs } from 'node:util'
import { messageOf } from './errors.mjs'
import { inRoot } from './root.mjs'

const usage = 'usage: npm run reproduce -- [--quick | --from-records] [notebook | path.ipynb ...]'

export const help = `${usage}

Computes the paper's runs, draws its figures and tables, and executes the notebooks; all of it goes into out/.

  --quick         little of each, marked as such, into out/quick/
  --from-records  computes nothing, draws the committed records
  notebook ...    executes these and does nothing else; a path is of a notebook of your own
`

/** The names of all notebooks. */
export const notebooks = readdirSync(inRoot('notebooks'))
  .filter((file) => file.endsWith('.ipynb'))
  .map((file) => basename(file, '.ipynb'))
  .sort()

/**
 * Reads the arguments of `npm run reproduce`.
 *
 * @param {string[]} args
 * @throws Error that says what is wrong with them, and how to use it
 */
export function readArguments(args) {
  try {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: {
        quick: { type: 'boolean', default: false },
        'from-records': { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false }
      }
    })
    for (const name of positionals)
      if (!notebooks.includes(name) && !(name.endsWith('.ipynb') && existsSync(name)))
        throw new Error(`there is no notebook ${name}: there are ${notebooks.join(', ')}, and paths of your own`)
      else if (name.endsWith('.ipynb') && relative(inRoot('.'), name).startsWith('..'))
        throw new Error(
          `${name} is outside of this checkout, where no notebook finds radgrad: put it into notebooks/own`
        )
    // pages are named as their notebooks are
    const names = positionals.map((name) => basename(name, '.ipynb'))
    const twice = names.find((name, i) => names.indexOf(name) < i)
    if (twice) throw new Error(`two notebooks are named ${twice}: execute one at a time, or rename one`)
    if (values['from-records'] && (values.quick || positionals.length > 0))
      throw new Error('--from-records stands alone')
    return { quick: values.quick, fromRecords: values['from-records'], help: values.help, named: positionals }
  } catch (error) {
    throw new Error(`${messageOf(error)}\n${usage}`)
  }
}
