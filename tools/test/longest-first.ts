import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** The files that take longest, the longest first. */
const long = [
  'live',
  'notebooks/notebooks',
  'setup/disk-full',
  'setup/killed',
  'reproduce',
  'site',
  'setup/faults',
  'cli/reproduce',
  'setup/fallback',
  'queue/faults',
  'notebooks/execute',
  'golden/golden',
  'notebooks/memory'
]

/** Starts long files first, so that at the end no processor waits for the other. */
export default class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ moduleId }: TestSpecification): number => {
      const found = long.findIndex((name) => moduleId.endsWith(`/test/${name}.test.ts`))
      return found < 0 ? long.length : found
    }
    return (await super.sort(files)).sort((a, b) => place(a) - place(b))
  }
}
