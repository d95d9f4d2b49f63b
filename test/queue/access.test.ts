/** The access to a queue, and the messages when it is refused. */
import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join, resolve } from 'node:path'
import { expect, test } from 'vitest'
import { numericsVersion } from '../../lib/record'
import { addressOf } from '../../tools/sweep/queue'
import { contents, expectTold, newFolder, radgradHere, radgradOnTerminal } from '../cli/radgrad'
import { describeWithRedis } from './redis'
import { done, newResults, patient, recordsIn, stage, sweep, untilSaid } from './sweep'

const { command, startRedis, submit, worker } = stage()

const secret = 'p@ss/w#rd?'
const asWritten = encodeURIComponent(secret)

test.each([
  ['redis://localhost:6379', 'redis://localhost:6379'],
  ['redis://:hidden@host', 'redis://host'],
  [`rediss://name:${asWritten}@10.0.0.7:6380/2`, 'rediss://10.0.0.7:6380/2'],
  ['redis://[::1]:6379/0', 'redis://[::1]:6379/0']
])('the queue’s URL %s is shown as %s', (url, place) => {
  expect(addressOf(url)).toEqual({ url, place })
})

test.each([
  'localhost:6379',
  'http://host',
  'redis://',
  'redis://host/name',
  'redis://:hidden/x@host',
  'redis://:hidden#x@host',
  'redis://u:1?hidden@host'
])('the queue’s URL %s is refused, and not repeated', async (url) => {
  const results = join(await newFolder(), 'results')
  for (const args of [sweep(results, '--queue', url), ['worker', '--queue', url]]) {
    const told = await radgradHere(...args)
    expectTold(told, /^radgrad: --queue takes redis:\/\/HOST:PORT, /)
    expect(told.stderr).not.toMatch(/hidden|localhost|name\b/)
  }
})

test('a Redis that is not there is reported', async () => {
  const told =
    /^radgrad: Redis at redis:\/\/localhost:1 cannot be used: .*ECONNREFUSED.*; is it running, and is the URL/
  const results = join(await newFolder(), 'results')
  for (const args of [sweep(results, '--queue', 'redis://localhost:1'), ['worker', '--queue', 'redis://localhost:1']]) {
    const { code, stderr } = await radgradHere(...args)
    expect(stderr).toMatch(told)
    expect([code, stderr.split('\n').length]).toEqual([1, 2])
  }
  expect(recordsIn(results)).toEqual([])
})

test('the option --workers is refused together with --queue', async () => {
  const args = sweep('results', '--queue', 'redis://localhost:1', '--workers', '2')
  expectTold(await radgradHere(...args), /'--queue <url>' cannot be used with option '--workers <n>'/)
})

describeWithRedis('a Redis', { concurrent: false }, () => {
  test(
    'a Redis with a password admits only those who have it, and no output or record holds it',
    async () => {
      const { port } = await startRedis('--requirepass', secret)
      const folder = await newResults()
      for (const [who, why] of [
        ['', 'NOAUTH Authentication required.'],
        [':hidden@', 'WRONGPASS invalid username-password pair or user is disabled.'],
        ['name:hidden@', 'WRONGPASS invalid username-password pair or user is disabled.']
      ]) {
        const { code, stderr } = await submit(`redis://${who}localhost:${port}`, folder).ended
        expect(stderr).toBe(
          `radgrad: Redis at redis://localhost:${port} cannot be used: ${why}; is it running, and is the URL right?\n`
        )
        expect(code).toBe(1)
      }
      const url = `redis://:${asWritten}@localhost:${port}`
      const sweep = submit(url, folder)
      await untilSaid(sweep, /no worker is connected/)
      const helper = worker(url)
      expect(await sweep.ended).toMatchObject({ code: 0 })
      helper.child.kill('SIGINT')
      await helper.ended
      expect(helper.said()).toContain(`doing the runs of redis://localhost:${port}, 1 at a time\n`)
      for (const text of [sweep.said(), helper.said(), ...Object.values(await contents(folder))]) {
        expect(text).not.toContain(secret)
        expect(text).not.toContain(asWritten)
      }
    },
    patient
  )

  test(
    'a Redis with TLS is used when its certificate is trusted',
    async () => {
      const { authority, options } = await certificates()
      const { port } = await startRedis('--requirepass', secret, ...options)
      const url = `rediss://:${asWritten}@localhost:${port}`
      const untrusted = await submit(url, await newResults()).ended
      expect(untrusted.stderr).toMatch(
        /^radgrad: Redis at rediss:\/\/localhost:\d+ cannot be used: self-signed certificate/
      )
      const plain = await submit(url.replace('rediss', 'redis'), await newResults()).ended
      expect(plain.stderr).toMatch(/^radgrad: Redis at redis:\/\/localhost:\d+ cannot be used: /)

      const trusting = { env: { ...process.env, NODE_EXTRA_CA_CERTS: authority } }
      const folder = await newResults()
      const helper = command(trusting, 'worker', '--queue', url, '--concurrency', '1')
      expect(await command(trusting, ...sweep(folder, '--queue', url)).ended).toMatchObject({ code: 0 })
      expect(done(helper)).toBe(1)
      expect(recordsIn(folder)).toHaveLength(1)
    },
    patient
  )

  test('a Redis without the database of the URL is refused', async () => {
    const { url } = await startRedis()
    const { code, stderr } = await submit(`${url}/99`, await newResults()).ended
    expect(stderr).toMatch(/\/99 cannot be used: ERR DB index is out of range; /)
    expect(code).toBe(1)
  })

  test(
    'a Redis has runs of one numerics version: workers and submitters of another are refused, and both sides say so',
    async () => {
      const [{ url }, folder, cwd] = [await startRedis(), await newResults(), await ofOtherNumerics()]
      const other = numericsVersion + 1
      const sweeping = command({ cwd }, ...sweep(folder, '--queue', url))
      const stale = worker(url)
      expect(await stale.ended).toMatchObject({
        code: 1,
        stderr:
          `radgrad: ${url} has runs of numerics ${other}, and this is ${numericsVersion}: ` +
          'install the version that submitted them\n'
      })
      const submitted = await submit(url, await newResults()).ended
      expect(submitted.stderr).toBe(
        `radgrad: ${url} still has runs of numerics ${other}, and this is ${numericsVersion}: ` +
          `wait until they are done, or take another of its databases, ${url}/1\n`
      )
      expect(submitted.code).toBe(1)

      const fit = command({ cwd }, 'worker', '--queue', url, '--concurrency', '1')
      const { code, stderr } = await sweeping.ended
      expect(stderr).toContain(
        `radgrad: a worker on ${hostname()} was sent away: it is of numerics ${numericsVersion}, the runs of ${other}\n`
      )
      expect(code).toBe(0)
      expect([done(stale), done(fit)]).toEqual([0, 1])
    },
    patient
  )

  test(
    'a submitter’s terminal shows the progress of the runs that workers do',
    async () => {
      const { url } = await startRedis()
      worker(url)
      const { code, stderr } = await radgradOnTerminal('both', ...sweep(await newResults(), '--queue', url))
      expect(code).toBe(0)
      expect(stderr).toMatch(/runs ░{16} 0 of 1 done, \S+s gone, \? left/)
      expect(stderr).toMatch(/runs █+░+ 0 of 1 done, \S+s gone, \d\S*s left/)
      expect(stderr).toMatch(/reacher random seed 1: \d+ queries, loss /)
    },
    patient
  )
})

/** The command's sources as they would be after a change of the numerics: a folder to start it in. */
async function ofOtherNumerics(): Promise<string> {
  const folder = await newFolder()
  for (const name of ['node_modules', 'data', 'package-lock.json']) symlinkSync(resolve(name), join(folder, name))
  // what of a workspace npm could not share with the rest is in a node_modules of its own
  for (const workspace of ['lib', 'tools'])
    for (const name of readdirSync(workspace).filter((name) =>
      ['package.json', 'dist', 'bin', 'setup', 'node_modules'].includes(name)
    ))
      cpSync(join(workspace, name), join(folder, workspace, name), { recursive: true })
  // npm's link would lead to the library as it is
  mkdirSync(join(folder, 'tools/node_modules'), { recursive: true })
  symlinkSync(join(folder, 'lib'), join(folder, 'tools/node_modules/radgrad'))
  const place = join(folder, 'lib/dist/record.js')
  const source = await readFile(place, 'utf8')
  const changed = source.replace(
    `exports.numericsVersion = ${numericsVersion}`,
    `exports.numericsVersion = ${numericsVersion + 1}`
  )
  expect(changed).not.toBe(source)
  await writeFile(place, changed)
  return folder
}

/** An authority that nobody knows, and what redis-server needs to show that it is localhost by its word. */
async function certificates(): Promise<{ authority: string; options: string[] }> {
  const folder = await newFolder()
  const file = (name: string): string => join(folder, name)
  const openssl = (...args: string[]) => execFileSync('openssl', args, { stdio: ['ignore', 'ignore', 'pipe'] })
  const key = (name: string): string[] => ['-newkey', 'rsa:2048', '-nodes', '-keyout', file(`${name}.key`)]
  const days = ['-days', '2']
  openssl('req', '-x509', ...key('authority'), '-out', file('authority.crt'), ...days, '-subj', '/CN=authority')
  openssl('req', ...key('redis'), '-out', file('redis.csr'), '-subj', '/CN=localhost')
  writeFileSync(file('names'), 'subjectAltName=DNS:localhost\n')
  const sign = [
    '-CA',
    file('authority.crt'),
    '-CAkey',
    file('authority.key'),
    '-CAcreateserial',
    '-extfile',
    file('names')
  ]
  openssl('x509', '-req', '-in', file('redis.csr'), ...sign, '-out', file('redis.crt'), ...days)
  const files = { cert: 'redis.crt', key: 'redis.key', 'ca-cert': 'authority.crt' }
  return {
    authority: file('authority.crt'),
    options: [
      ...['--port', '0', '--tls-port', 'PORT', '--tls-auth-clients', 'no'],
      ...Object.entries(files).flatMap(([what, name]) => [`--tls-${what}-file`, file(name)])
    ]
  }
}
