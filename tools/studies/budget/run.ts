/**
 * Computes the runs of the study *How to spend a budget* that data/budget/records lacks; interrupted, it goes on where it was.
 *
 *     npm run study -- budget [--tasks reacher,hopper] [--parts spread,nine] [--strategies random,…] [--workers N | --queue URL]
 */
import { paperEnvironments, strategyNames } from 'radgrad'
import { runStudy } from '../study.ts'
import { nine, spread } from './plan.ts'

await runStudy({
  tasks: paperEnvironments,
  strategies: strategyNames,
  parts: { spread, nine },
  folder: 'budget/records',
  label: ({ budget, episodes }) => `${budget} labels, ${episodes} episodes`
})
