import { join } from 'node:path'
import { quickRunNotice, withSubtitle } from 'radgrad/dist/internal.js'
import { findChromium } from '../pictures/chromium.ts'
import { type Report, writeReport } from '../report/report.ts'

/**
 * Writes a report, marked as a quick run's if it is one, and says where. Without Chromium there are only tables.
 *
 * @param signal stops it
 */
export async function saveReport({ figures, tables }: Report, folder: string, signal?: AbortSignal): Promise<void> {
  const notice = quickRunNotice()
  const drawn = Object.entries(figures).map(([name, figure]) => [name, notice ? withSubtitle(figure, notice) : figure])
  const pictures = findChromium()
  await writeReport(
    { figures: pictures ? Object.fromEntries(drawn) : {}, tables: notice ? marked(tables, notice) : tables },
    folder,
    signal
  )
  console.log(
    `\nTables are in ${join(folder, 'tables')}, ${
      pictures
        ? `${drawn.length} figures in ${join(folder, 'figures')}`
        : 'figures in the notebooks’ pages only, for there is no Chromium on the PATH'
    }.`
  )
}

/** Marks tables as those of a quick run, but for CSV, which has no place for words. */
function marked(tables: Report['tables'], notice: string): Report['tables'] {
  const mark = (name: string): string =>
    name.endsWith('.md') ? `*${notice}*\n\n` : name.endsWith('.tex') ? `% ${notice}\n` : ''
  return Object.fromEntries(Object.entries(tables).map(([name, text]) => [name, mark(name) + text]))
}
