/** Trains the paper's policy for some epochs and returns a hash of its weights. Run as a script, it prints the hash. */
import { createHash } from 'node:crypto'
import { pathToFileURL } from 'node:url'

export async function trainOnce({ createNetwork, fit, perceptron }, { generator, uniform }) {
  const network = await createNetwork(perceptron(11, [128, 128, 32, 8], 2, { dropout: 0.2 }), generator(11, 'weights'))
  const rows = 300
  const matrix = (name, columns) => {
    const rng = generator(11, name)
    return Float32Array.from({ length: rows * columns }, () => uniform(rng, -1, 1))
  }
  const validation = Uint8Array.from({ length: rows }, (_, i) => Number(i % 5 === 0))
  const examples = { rows, inputs: matrix('inputs', 11), targets: matrix('targets', 2), validation }
  const options = {
    loss: 'squared-error',
    learningRate: 1e-3,
    epochs: 10,
    batch: 32,
    weights: 'warm',
    optimizer: 'fresh'
  }
  await fit(network, examples, options, generator(11, 'fit'))
  const bytes = network.weights().map(({ values }) => Buffer.from(values.buffer))
  return createHash('sha256').update(Buffer.concat(bytes)).digest('hex')
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const compiled = (file) => import(new URL(`../../lib/dist/${file}`, import.meta.url).href)
  console.log(await trainOnce(await compiled('networks/index.js'), await compiled('util/random.js')))
}
