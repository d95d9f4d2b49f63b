/**
 * Starts the part of a tool that its first argument names, which is taken away.
 *
 * @param tool as `npm run` knows it
 * @param parts by their names
 */
export async function startPart(tool: string, parts: Readonly<Record<string, () => Promise<unknown>>>): Promise<void> {
  const [name = ''] = process.argv.splice(2, 1)
  if (Object.hasOwn(parts, name)) await parts[name]()
  else {
    const names = Object.keys(parts).join(', ')
    console.error(`there is no ${tool} '${name}': choose one of ${names}\nusage: npm run ${tool} -- NAME [options]`)
    process.exitCode = 1
  }
}
