import { bar, clock } from '../bar'
import { place } from './place'

const seconds = (): number => performance.now() / 1000

/** A bar below the cell, with the time left; once stopped, it says what does not differ from run to run. */
export function progress(title: string, total: number, units: string) {
  const begun = seconds()
  let done = 0
  const line = (more: string) => ({ 'text/plain': `${title} ${bar(done / total)} ${done} of ${total} ${units}${more}` })
  const put = place(() => line(''))
  return {
    reach(value: number): void {
      done = value
      put(() => line(`, about ${clock(((seconds() - begun) * (total - done)) / done)} left`))
    },
    stop(why?: string): void {
      put(() => line(why ? `, ${why}` : ''))
    }
  }
}
