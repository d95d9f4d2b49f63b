import { seconds } from '../util/event-loop'
import { display } from './display'

/** Draws a bar of 16 letters. */
const bar = (share: number): string => '█'.repeat(Math.round(share * 16)).padEnd(16, '░')

/** Writes a duration in minutes and seconds. */
const minutes = (time: number) => `${Math.floor(time / 60)}:${String(Math.floor(time % 60)).padStart(2, '0')}`

/** Shows a progress bar below the cell, with the time left. Once stopped, its text is the same in every run. */
export function progress(title: string, total: number) {
  const begun = seconds()
  let done = 0
  const line = (end: string) => ({ 'text/plain': `${title} ${bar(done / total)} ${done} of ${total} iterations${end}` })
  const replace = display(() => line(''))
  return {
    reach(value: number): void {
      done = value
      replace(() => line(`, about ${minutes(((seconds() - begun) * (total - done)) / done)} left`))
    },
    stop: (why?: string): void => replace(() => line(why ? `, ${why}` : ''))
  }
}
