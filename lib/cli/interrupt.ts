/** Ctrl-C: the work hears of it and stops where it can do so cleanly; a second one ends the process as usual. */
export async function interruptible(work: (signal: AbortSignal) => Promise<void>): Promise<void> {
  const abort = new AbortController()
  const interrupt = (): void => abort.abort(new Error('interrupted; what was printed and saved is complete'))
  process.once('SIGINT', interrupt)
  process.once('SIGTERM', interrupt)
  try {
    await work(abort.signal)
  } catch (error) {
    if (error !== abort.signal.reason) throw error
    console.error(`radgrad: ${(error as Error).message}`)
    process.exitCode = 130
  } finally {
    process.off('SIGINT', interrupt)
    process.off('SIGTERM', interrupt)
  }
}
