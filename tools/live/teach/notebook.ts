/** A lesson as a notebook, in which it is computed again and goes on to whatever the reader writes. */
import type { Lesson } from './lesson.ts'

const kernelspec = { display_name: 'TypeScript', language: 'typescript', name: 'tslab' }

/** Returns the notebook's text. It has of the lesson what its record is computed from again: the actions, the protocol and the seed. */
export function notebookOf(title: string, { answers, record }: Lesson): string {
  const { protocol, seed, outcome } = record
  const states = JSON.stringify(answers.map(({ state }) => state))
  const actions = JSON.stringify(answers.map(({ action }) => action))
  const losses = JSON.stringify(outcome.iterations.map(({ loss }) => loss))
  const cells = [
    [
      'markdown',
      `# What I taught: ${title}, seed ${seed}\n\nThe expert of this run was a person. The first cell has the answers, the second computes the run again from them.`
    ],
    [
      'code',
      `import * as rg from 'radgrad'

const states: number[][] = JSON.parse('${states}')
const actions: number[][] = JSON.parse('${actions}')
const losses: number[] = JSON.parse('${losses}')
const trained = await rg.loadExpert('reacher')
const protocol: rg.Protocol = { ...${JSON.stringify({ ...protocol, expert: undefined })}, expert: trained }`
    ],
    [
      'code',
      `await 0 // tslab, the notebooks' kernel in JupyterLab, waits for a cell only where it sees an await outside of loops
let next = 0
const reader: rg.Expert = { inputs: 11, outputs: 2, predict: () => Float32Array.from(actions[next++]) }
const records: rg.IterationRecord[] = []
for await (const { record } of rg.experiment(protocol, ${seed}, {
  expert: reader,
  expertReturns: Float64Array.from(${JSON.stringify(outcome.expertReturns)})
}))
  records.push(record)
console.log(records.every(({ loss }, i) => loss === losses[i]) ? 'the same to the last bit' : 'another run')
rg.show(rg.learningCurves('What I taught', [{ strategy: '${protocol.strategy as 'dagger'}', seed: ${seed}, records }], protocol.iterations))`
    ],
    [
      'markdown',
      'The answers as demonstrations: the first batch of another learner, which goes on to query the trained expert.'
    ],
    [
      'code',
      `const [observations, labels] = [states, actions].map((rows) => Float32Array.from(rows.flat()))
const demonstrations = { rows: states.length, observations, actions: labels, lengths: [states.length] }
const after = rg.protocolFor('reacher', 'dagger', trained, { ...rg.quick, firstBatch: 'demonstrations' })
await 0
for await (const { record } of rg.experiment(after, 1, { demonstrations })) console.log(record.queries, record.loss)`
    ]
  ]
  return JSON.stringify({
    cells: cells.map(([cell_type, source], i) => ({
      cell_type,
      id: `lesson-${i}`,
      metadata: {},
      source,
      ...(cell_type === 'code' && { execution_count: null, outputs: [] })
    })),
    metadata: { kernelspec },
    nbformat: 4,
    nbformat_minor: 5
  })
}
