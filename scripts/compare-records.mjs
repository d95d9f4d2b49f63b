import { firstDifference, readResults } from 'radgrad'

/**
 * Tells whether runs came to what committed records of the same protocols and seeds say.
 *
 * @param fresh the folder of the runs, of which there is one at least
 * @returns whether all did
 */
export async function compareRecords(fresh, committed) {
  const { records } = await readResults(fresh)
  const { records: references } = await readResults(committed)
  const differences = [...records].flatMap(([name, { outcome }]) => {
    const reference = references.get(name)
    const difference = reference ? firstDifference(reference.outcome, outcome) : 'no record of it is committed'
    return difference ? [`  ${name}: ${difference}`] : []
  })
  const same = records.size - differences.length
  console.log(`\n${same} of ${records.size} runs equal the committed records to the last bit.`)
  if (differences.length > 0) console.log(`The others first differ in (committed and now):\n${differences.join('\n')}`)
  return differences.length === 0
}
