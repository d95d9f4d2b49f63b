import { seconds } from './setup/step.mjs'

/** Tells a step, and how long it took. */
export async function step<T>(doing: string, run: () => T | Promise<T>): Promise<T> {
  const begun = performance.now()
  process.stdout.write(`  ${doing} … `)
  const result = await run()
  console.log(seconds(begun))
  return result
}
