import { firstDifference, readResults } from 'radgrad'

/**
 * Tells whether runs came to what committed records of the same protocols and seeds say.
 *
 * @param names of the runs' records; others in the folder, left there by other protocols, are only counted
 * @param fresh the folder of the runs
 * @returns whether all did
 */
export async function compareRecords(names, fresh, committed) {
  const { records, unusable } = await readResults(fresh)
  const { records: references } = await readResults(committed)
  const difference = (name) => {
    const [record, reference] = [records.get(name), references.get(name)]
    if (!record) return unusable.get(name) ?? `there is no record of it in ${fresh}`
    return reference ? firstDifference(reference.outcome, record.outcome) : 'no record of it is committed'
  }
  const differences = names.flatMap((name) => {
    const words = difference(name)
    return words ? [`  ${name}: ${words}`] : []
  })
  const same = names.length - differences.length
  console.log(`\n${same} of ${names.length} runs equal the committed records to the last bit.`)
  if (differences.length > 0) console.log(`The others first differ in (committed and now):\n${differences.join('\n')}`)
  const isThere = (name) => records.has(name) || unusable.has(name)
  const others = records.size + unusable.size - names.filter(isThere).length
  if (others > 0) console.log(`${others} other records in ${fresh} are of other protocols or seeds: not compared.`)
  return differences.length === 0
}
