/** Computes what data/ holds beyond the paper's runs: npm run study -- NAME */
import { startPart } from '../choose.ts'

await startPart('study', {
  beyond: () => import('./beyond/run.ts'),
  inspect: () => import('./beyond/inspect.ts'),
  budget: () => import('./budget/run.ts'),
  'budget-control': () => import('./budget/control.ts'),
  tasks: () => import('./tasks/run.ts'),
  noise: () => import('./beyond/experts.ts'),
  tuning: () => import('./tuning/run.ts'),
  'train-expert': () => import('./experts/train.ts'),
  'choose-expert': () => import('./experts/choose.ts')
})
