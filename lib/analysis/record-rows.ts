import type { RunRecord } from '../record'
import { titleOf } from '../strategies'
import { isRecord } from '../util/json'

type Cells = Record<string, string | number>

/** Returns a row for each iteration of some records, for a frame. A column has each field of the protocols that differs among them. */
export function recordRows(records: Iterable<RunRecord>): Cells[] {
  const all = [...records].map((record) => ({ ...record, fields: fieldsOf(record.protocol) }))
  const names = new Set(all.flatMap(({ fields }) => Object.keys(fields)))
  const differing = [...names].filter((name) => new Set(all.map(({ fields }) => fields[name])).size > 1)
  return all.flatMap(({ protocol: { environment, strategy }, fields, seed, outcome }) =>
    outcome.iterations.map(({ iteration, queries, cost, loss }) => ({
      ...Object.fromEntries(differing.map((name) => [name, fields[name] ?? ''])),
      ...{ environment, strategy: titleOf(strategy), seed, iteration, queries, loss },
      ...(cost !== undefined && { cost })
    }))
  )
}

/** Returns the fields of a protocol by their paths, with those of the hyperparameters by their own. */
const fieldsOf = (value: unknown, path = ''): Cells =>
  isRecord(value)
    ? Object.assign({}, ...Object.entries(value).map(([key, inner]) => fieldsOf(inner, path ? `${path}.${key}` : key)))
    : { [path.replace('hyperparameters.', '')]: typeof value === 'number' ? value : String(value) }
