/** Pictures in bundles, as the compiled library makes them in a kernel's process. */
import { execFileSync } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { findChromium } from '../../lib/pictures/chromium'

const folder = mkdtempSync(join(tmpdir(), 'radgrad-pictures-'))
afterAll(() => rmSync(folder, { recursive: true }))

interface Bundle {
  readonly 'application/vnd.plotly.v1+json': {
    readonly layout: { readonly height: number }
    readonly frames?: unknown[]
  }
  readonly 'image/png'?: string
}

/** What a process sends as bundles. */
function sent(code: string, path = process.env.PATH): Bundle[] {
  const script = `
    const bundles = []
    require('tslab/dist/jupyter').lastWriteDisplayData = ({ data }) => bundles.push(data)
    const { ZmqServer } = require('tslab/dist/jupyter')
    const { figure, generator, film, live, loadEnvironment, loadExpert, networkOf, show, watch } = require('./lib/dist')
    const bars = figure([{ type: 'bar', x: [1, 2, 3], y: [3, 1, 2] }], { title: { text: 'bars' }, height: 300 })
    ;(async () => { ${code} })().then(() => process.stdout.write(JSON.stringify(bundles)))`
  const options = { env: { ...process.env, PATH: path }, maxBuffer: 1e8 }
  const stdout = execFileSync(process.execPath, ['--require', './scripts/node-compat.cjs', '-e', script], options)
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
  'figures are pictures too, at once, one by one and many',
  () => {
    const bundles = sent('for (let i = 0; i < 3; i++) show(bars)')
    expect(bundles.map((bundle) => size(bundle['image/png']))).toEqual([1, 2, 3].map(() => [900, 300]))
  },
  60_000
)

withChromium(
  'of a live figure only what it ends as is a picture, made before the cell is done',
  () => {
    const bundles = sent(`
    const redraw = live(bars)
    redraw({ ...bars, layout: { ...bars.layout, height: 350 } })
    await new Promise((resolve) => setTimeout(resolve, 300))
    redraw({ ...bars, layout: { ...bars.layout, height: 400 } })
    const parent = { createReply: () => ({ header: {}, signAndSend: () => {} }) }
    ZmqServer.prototype.publishStatus.call({ connInfo: {} }, 'idle', parent)`)
    expect(bundles.map((bundle) => 'image/png' in bundle)).toEqual([false, false, true])
    expect(size(bundles[2]['image/png'])).toEqual([900, 400])
  },
  60_000
)

withChromium(
  'what plays is a strip of poses where nothing can be played',
  () => {
    const bundles = sent(`
    const environment = await loadEnvironment('reacher', { masses: 'legacy' })
    const expert = await networkOf(await loadExpert('reacher'))
    const one = () => film('expert', environment, environment.reset([generator(1)]), expert)
    watch('both', [await one(), await one()])`)
    const [{ 'application/vnd.plotly.v1+json': animation, 'image/png': png }] = bundles
    expect(animation.frames).toHaveLength(51)
    expect(size(png)).toEqual([900, 60 + 2 * 210])
    expect(animation.layout.height).not.toBe(60 + 2 * 210)
  },
  60_000
)

test('a Chromium that fails leaves the picture out, and is not asked again', () => {
  const log = join(folder, 'asked')
  writeFileSync(join(folder, 'chromium'), `#!/bin/sh\necho asked >>${log}\nexit 1\n`)
  chmodSync(join(folder, 'chromium'), 0o755)
  const bundles = sent('show(bars); show(bars)', `${folder}:/usr/bin:/bin`)
  expect(bundles.map((bundle) => Object.keys(bundle))).toEqual(
    [1, 2].map(() => ['application/vnd.plotly.v1+json', 'text/plain'])
  )
  expect(execFileSync('wc', ['-l', log]).toString()).toMatch(/^1 /)
}, 60_000)
