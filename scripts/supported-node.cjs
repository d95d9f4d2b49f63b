// Preloaded by the commands of package.json, and written so that any Node can read it: an older one would only give a
// syntax error or a missing module in what comes after.
var oldest = [20, 19]
var version = process.versions.node.split('.').map(Number)
if (version[0] < oldest[0] || (version[0] === oldest[0] && version[1] < oldest[1])) {
  console.error(`this is Node ${process.versions.node}; install Node ${oldest.join('.')} or later`)
  process.exit(1)
}
