// @ts-check
// Preloaded by the commands of package.json, and written so that any Node can read it: an older one would only give a
// syntax error or a missing module in what comes after. The versions are those that vite asks for.
/** @type {Record<number, number>} */
var oldest = { 20: 19, 22: 12 }
var version = process.versions.node.split('.').map(Number)
if (version[0] < 23 && !(version[1] >= oldest[version[0]])) {
  console.error(`this is Node ${process.versions.node}; install Node 22.12 or later, or 20.19 or later of Node 20`)
  process.exit(1)
}
