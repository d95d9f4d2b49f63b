/** Preloaded into workers: samples where they spend their time, and leaves a profile when they end. */
const { writeFileSync } = require('node:fs')
const { Session } = require('node:inspector')
const { join } = require('node:path')

if (process.send) {
  const session = new Session()
  session.connect()
  session.post('Profiler.enable')
  session.post('Profiler.setSamplingInterval', { interval: 5000 })
  session.post('Profiler.start')
  process.once('exit', () => {
    session.post('Profiler.stop', (_, { profile }) => {
      writeFileSync(join(process.env.RADGRAD_PROFILES, `${process.pid}.cpuprofile`), JSON.stringify(profile))
    })
  })
}
