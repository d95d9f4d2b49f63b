import type { Environment } from '../environments'
import { host } from '../notebook/host'
import type { VisitedStates } from '../strategies'

/**
 * Reads demonstrations from a table of numbers (CSV, with a line of names): a row for each state, with its entries in the order of the task's,
 * then those of the expert's action. A column named `episode`, wherever it stands, tells episodes apart; without it all rows are one.
 *
 * @throws Error that names the file, and the row and the column of what is no number
 */
export const readDemonstrations = async (file: string, task: Environment): Promise<VisitedStates> =>
  host().demonstrationsIn(new TextDecoder().decode(await host().readFile(file)), file, task)
