import { seconds } from '../util/event-loop'
import { display } from './display'

/** Draws a bar of 16 letters. */
const bar = (share: number): string => '█'.repeat(Math.round(share * 16)).padEnd(16, '░')

/** Writes a duration in minutes and seconds. */
const minutes = (seconds: number) => `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, '0')}`

/** Shows a progress bar below the cell, with the time left. Once stopped, its text is the same in every run. */
export function progress(title: string, iterations: number) {
  const begun = seconds()
  let done = 0
  const line = (more: string) => ({
    'text/plain': `${title} ${bar(done / iterations)} ${done} of ${iterations} iterations${more}`
  })
  const replace = display(() => line(''))
  return {
    reach(value: number): void {
      done = value
      replace(() => line(`, about ${minutes(((seconds() - begun) * (iterations - done)) / done)} left`))
    },
    stop: (why?: string): void => replace(() => line(why ? `, ${why}` : ''))
  }
}
