import { command } from '../command.ts'

/** Arguments for Node to run DAgger on Reacher at the paper's scale, seed 1. */
export const daggerOnReacher = [command, ...'run --environment reacher --strategy dagger --seed 1 --json'.split(' ')]
