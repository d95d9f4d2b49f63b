import { readResults } from 'radgrad'
import { firstDifference } from '../difference.ts'

/**
 * Tells if runs came to the same as committed records of their protocols and seeds.
 *
 * @param names of the runs' records; others in the folder, left there by other protocols, are only counted
 * @param fresh the folder of the runs
 * @param committed the folder of the records to compare them with
 * @returns true if all did
 */
export async function compareRecords(names: readonly string[], fresh: string, committed: string): Promise<boolean> {
  const { records, unusable } = await readResults(fresh)
  const { records: references } = await readResults(committed)
  const difference = (name: string): string | undefined => {
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
  const isThere = (name: string): boolean => records.has(name) || unusable.has(name)
  const others = records.size + unusable.size - names.filter(isThere).length
  if (others > 0) console.log(`${others} other records in ${fresh} are of other protocols or seeds: not compared.`)
  return differences.length === 0
}
