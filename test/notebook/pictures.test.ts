/** Pictures in bundles, as the compiled library makes them in the process of a kernel. */
import { execFileSync } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { findChromium } from '../../tools/pictures/chromium.ts'

const folder = mkdtempSync(join(tmpdir(), 'radgrad-pictures-'))
afterAll(() => rmSync(folder, { recursive: true }))

interface Bundle {
  readonly 'application/vnd.plotly.v1+json': {
    readonly layout: { readonly height: number }
    readonly frames?: unknown[]
  }
  readonly 'image/png'?: string
}

/** Returns the bundles that a process sends. */
function sent(code: string, path = process.env.PATH): Bundle[] {
  const script = `
    const bundles = []
    require('tslab/dist/jupyter').lastWriteDisplayData = ({ data }) => bundles.push(data)
    const { ZmqServer } = require('tslab/dist/jupyter')
    const rg = require('radgrad')
    const bars = rg.figure([{ type: 'bar', x: [1, 2, 3], y: [3, 1, 2] }], { title: { text: 'bars' }, height: 300 })
    const idle = () => ZmqServer.prototype.publishStatus.call({ connInfo: {} }, 'idle', { createReply: () => ({ header: {}, signAndSend: () => {} }) })
    ;(async () => { ${code} })().then(idle).then(() => process.stdout.write(JSON.stringify(bundles)))`
  const preloads = ['--require', './tools/setup/node-compat.cjs', '--import', './tools/dist/host/register.js']
  const options = { env: { ...process.env, PATH: path }, maxBuffer: 1e8 }
  const stdout = execFileSync(process.execPath, [...preloads, '-e', script], options)
  return JSON.parse(stdout.toString())
}

/** Width and height of a PNG in base64, px. */
function size(png = ''): number[] {
  const bytes = Buffer.from(png, 'base64')
  expect(bytes.subarray(1, 4).toString()).toBe('PNG')
  return [bytes.readUInt32BE(16), bytes.readUInt32BE(20)]
}

const withChromium = test.skipIf(!findChromium() && !process.env.RADGRAD_CI)

withChromium(
  'each figure is shown at once, and once more with a picture of its height when the cell ends',
  () => {
    const bundles = sent('for (let i = 0; i < 3; i++) rg.show(bars)')
    expect(bundles.map((bundle) => 'image/png' in bundle)).toEqual([false, false, false, true, true, true])
    expect(bundles.slice(3).map((bundle) => size(bundle['image/png']))).toEqual([1, 2, 3].map(() => [900, 300]))
  },
  120_000
)

withChromium(
  'an updatable figure has a picture in its last version only, drawn before the cell ends',
  () => {
    const bundles = sent(`
    const redraw = rg.updatable(bars)
    redraw({ ...bars, layout: { ...bars.layout, height: 350 } })
    await new Promise((resolve) => setTimeout(resolve, 300))
    redraw({ ...bars, layout: { ...bars.layout, height: 400 } })`)
    expect(bundles.map((bundle) => 'image/png' in bundle)).toEqual([false, false, true])
    expect(size(bundles[2]['image/png'])).toEqual([900, 400])
  },
  120_000
)

withChromium(
  'episodes that are played have their first frame as their picture',
  () => {
    const bundles = sent(`
    const environment = await rg.loadEnvironment('reacher', { masses: 'legacy' })
    const expert = await rg.networkOf(await rg.loadExpert('reacher'))
    const one = () => rg.traceEpisode('expert', environment, environment.reset([rg.generator(1)]), expert)
    rg.playEpisodes('both', [await one(), await one()])`)
    const [, { 'application/vnd.plotly.v1+json': animation, 'image/png': png }] = bundles
    expect(animation.frames).toHaveLength(51)
    expect(size(png)).toEqual([900, animation.layout.height])
  },
  120_000
)

test('a Chromium that fails leaves out the picture, and is not started again', () => {
  const log = join(folder, 'starts')
  writeFileSync(join(folder, 'chromium'), `#!/bin/sh\necho started >>${log}\nexit 1\n`)
  chmodSync(join(folder, 'chromium'), 0o755)
  const bundles = sent('rg.show(bars); rg.show(bars)', `${folder}:/usr/bin:/bin`)
  expect(bundles.map((bundle) => Object.keys(bundle))).toEqual(
    [1, 2].map(() => ['application/vnd.plotly.v1+json', 'text/plain'])
  )
  expect(execFileSync('wc', ['-l', log]).toString()).toMatch(/^1 /)
}, 120_000)
