import { resolve } from 'node:path'

/** What Node is to run for a run of DAgger on Reacher at the paper's scale, seed 1. */
export const daggerOnReacher = [
  resolve(import.meta.dirname, '../lib/bin/radgrad.js'),
  ...['run', '--environment', 'reacher', '--strategy', 'dagger', '--seed', '1', '--json']
]
