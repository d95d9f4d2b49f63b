/** Measures speed: npm run bench -- NAME */
import { startPart } from '../choose.ts'

await startPart('bench', {
  live: () => import('./live.ts'),
  networks: () => import('./networks.ts'),
  peers: () => import('./peers/compare.ts'),
  queue: () => import('./queue.ts'),
  reacher: () => import('./reacher.ts'),
  sweep: () => import('./sweep.ts')
})
