/** How the live notebooks are built and served, and what of a reader's files they open. */
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { addressOf } from '../../tools/live/extension/handover.ts'
import { notebookName, parseNotebook } from '../../tools/live/extension/notebook.ts'
import { portOf } from '../../tools/live/port.ts'
import { replaceFolder } from '../../tools/live/replace.ts'
import { serve } from '../../tools/live/serve.ts'

const notebook = (cells: unknown, nbformat: unknown = 4): string => JSON.stringify({ nbformat, cells })

test('what is no notebook is refused in a sentence', () => {
  expect(parseNotebook(notebook([{ cell_type: 'code', source: '', outputs: [] }, { cell_type: 'raw' }]))).toBeDefined()
  expect(() => parseNotebook('<!DOCTYPE html>')).toThrow('it is no notebook of Jupyter: it is not JSON')
  for (const text of ['null', '{}', notebook([], 3)])
    expect(() => parseNotebook(text)).toThrow('it is no notebook of Jupyter in its format 4')
  for (const cells of [undefined, {}, [null], [{}], [{ cell_type: 'code', outputs: [null] }]])
    expect(() => parseNotebook(notebook(cells))).toThrow('its cells are not those of a notebook')
})

test('a notebook is known by the ending of its name, in capitals too', () => {
  expect(notebookName('X.IPYNB')).toBe('X.ipynb')
  for (const name of ['x.csv', '.ipynb', '']) expect(() => notebookName(name)).toThrow('the name of one ends in .ipynb')
})

test('an address of a notebook is on the site, or refused', () => {
  const site = 'http://127.0.0.1/a/'
  expect(addressOf(site, '../b.ipynb').href).toBe('http://127.0.0.1/b.ipynb')
  expect(() => addressOf(site, 'http://')).toThrow('it is no address')
  expect(() => addressOf(site, 'https://elsewhere.test/b.ipynb')).toThrow('it is on another site')
})

test('a port that is none is refused, and a taken one is told', async () => {
  expect([portOf(), portOf('8000')]).toEqual([0, 8000])
  for (const text of ['abc', '99999', '80.5', '-1', ''])
    expect(() => portOf(text)).toThrow(
      `--port takes a whole number from 0 to 65535, where 0 is any that is free: not '${text}'`
    )
  const { server, address } = await serve(tmpdir())
  onTestFinished(() => void server.close())
  const port = Number(new URL(address).port)
  await expect(serve(tmpdir(), port)).rejects.toThrow(`port ${port} is taken: give another by --port, or none`)
})

test('folders that are built at once take the place of one before as a whole, and leave nothing beside', async () => {
  const parent = await mkdtemp(join(tmpdir(), 'live-'))
  onTestFinished(() => rm(parent, { recursive: true }))
  const folder = join(parent, 'live')
  const build = (name: string) => async (work: string) => {
    await mkdir(join(work, 'site'))
    for (const file of ['a', 'b']) await writeFile(join(work, 'site', file), name)
    return join(work, 'site')
  }
  const contents = () => Promise.all(['a', 'b'].map((file) => readFile(join(folder, file), 'utf8')))
  await replaceFolder(folder, build('before'))
  await expect(
    replaceFolder(folder, () => {
      throw new Error('no esbuild')
    })
  ).rejects.toThrow('no esbuild')
  expect(await contents()).toEqual(['before', 'before'])
  await mkdir(`${folder}.part-999999999-left`) // of a process that was interrupted
  await Promise.all(Array.from({ length: 8 }, (_, i) => replaceFolder(folder, build(`at once ${i}`))))
  const [a, b] = await contents()
  expect(a).toMatch(/^at once/)
  expect(b).toBe(a)
  await replaceFolder(folder, build('last'))
  expect(await contents()).toEqual(['last', 'last'])
  expect(await readdir(parent)).toEqual(['live'])
})
