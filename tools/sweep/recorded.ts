/** Facts of recorded runs that only those who compute them want. */
import type { Model, Protocol, RunRecord } from 'radgrad'
import { checkProtocol, fingerprint, isRecord } from 'radgrad/dist/internal.js'

/** Returns the seconds that a run took. */
export const duration = ({ provenance }: RunRecord): number =>
  provenance.seconds.reduce((sum, { collect, train, test }) => sum + collect + train + test, 0)

/**
 * Returns a recorded protocol with its expert, to be run again.
 *
 * @throws Error for another expert, RangeError for what is no protocol
 */
export async function protocolOf(recorded: unknown, expert: Model): Promise<Protocol> {
  const protocol: unknown = isRecord(recorded) ? { ...recorded, expert } : recorded
  checkProtocol(protocol)
  const found = await fingerprint(expert)
  const { expert: wanted } = recorded as { readonly expert: unknown }
  const other = typeof wanted === 'string' ? wanted.slice(0, 8) : typeof wanted
  if (found !== wanted) throw new Error(`the expert is network ${found.slice(0, 8)}, not ${other}`)
  return protocol
}
