import { expect, test } from 'vitest'
import { createNetwork, type Examples, type FitOptions, fit, perceptron } from '../../lib/networks'
import { generator } from '../../lib/util/random'
import { uniformMatrix } from './networks'

const options: FitOptions = {
  loss: 'squared-error',
  learningRate: 1e-2,
  epochs: 30,
  batch: 16,
  weights: 'warm',
  optimizer: 'fresh'
}
const topology = perceptron(2, [16], 1)

/** A smooth function with noise; every fifth row is held out. */
function examples(rows = 100): Examples {
  const inputs = uniformMatrix('inputs', rows, 2)
  const noise = uniformMatrix('noise', rows, 1, 0.1)
  const targets = Float32Array.from({ length: rows }, (_, i) => inputs[2 * i] ** 2 - inputs[2 * i + 1] + noise[i])
  return { rows, inputs, targets, validation: Uint8Array.from({ length: rows }, (_, i) => Number(i % 5 === 0)) }
}

const validationLoss = (
  network: Awaited<ReturnType<typeof createNetwork>>,
  { rows, inputs, targets, validation }: Examples
) => {
  const outputs = network.predict(inputs, rows)
  const heldOut = [...outputs.keys()].filter((row) => validation?.[row])
  return heldOut.reduce((sum, row) => sum + (outputs[row] - targets[row]) ** 2, 0) / heldOut.length
}

test('fit keeps the weights of the epoch with the least validation loss', async () => {
  const data = examples()
  const network = await createNetwork(topology, generator(1))
  const report = await fit(network, data, { ...options, learningRate: 0.1 }, generator(2))
  expect(report.validation).toHaveLength(30)
  const best = Math.min(...report.validation)
  expect(report.validation.indexOf(best) + 1).toBe(report.kept)
  expect(report.kept).toBeLessThan(30) // at this learning rate the last epoch is not the best, or this shows nothing
  expect(validationLoss(network, data)).toBeCloseTo(best, 6)
})

test('fit does not train on the held-out rows', async () => {
  const data = examples()
  const spoiled = {
    ...data,
    targets: data.targets.map((target, row) => (data.validation?.[row] ? target + 100 : target))
  }
  const [a, b] = await Promise.all(
    [data, spoiled].map(async (examples) => {
      const network = await createNetwork(topology, generator(1))
      return fit(network, examples, { ...options, epochs: 5 }, generator(2))
    })
  )
  expect(a.training).toEqual(b.training)
  expect(a.validation).not.toEqual(b.validation)
})

test('training stops after `patience` epochs without a better validation loss', async () => {
  const network = await createNetwork(topology, generator(1))
  const report = await fit(
    network,
    examples(),
    { ...options, learningRate: 0.1, epochs: 500, patience: 4 },
    generator(2)
  )
  expect(report.validation.length).toBe(report.kept + 4)
})

test('fresh weights start over, warm weights do not, and a kept optimizer differs from a fresh one', async () => {
  const data = examples()
  const losses = async (second: Partial<FitOptions>) => {
    const network = await createNetwork(topology, generator(1))
    await fit(network, data, options, generator(2))
    return (await fit(network, data, { ...options, epochs: 1, ...second }, generator(3))).training[0]
  }
  const [warm, fresh, kept] = [
    await losses({}),
    await losses({ weights: 'fresh' }),
    await losses({ optimizer: 'kept' })
  ]
  expect(fresh).toBeGreaterThan(3 * warm)
  expect(kept).not.toBe(warm)
})

test('the logistic loss trains a network to output probabilities as logits', async () => {
  const rows = 2000
  const rng = generator(9)
  const inputs = Float32Array.from({ length: rows }, () => Number(rng() < 0.5))
  const targets = inputs.map((x) => Number(rng() < (x ? 0.9 : 0.3)))
  const network = await createNetwork(perceptron(1, [], 1), generator(1))
  await fit(network, { rows, inputs, targets }, { ...options, loss: 'logistic', epochs: 40 }, generator(2))
  const probability = (x: number) => 1 / (1 + Math.exp(-network.predict(Float32Array.of(x), 1)[0]))
  expect(probability(1)).toBeCloseTo(0.9, 1)
  expect(probability(0)).toBeCloseTo(0.3, 1)
})

test('an aborted fit stops at once with the signal’s reason', async () => {
  const network = await createNetwork(topology, generator(1))
  const abort = new AbortController()
  setTimeout(() => abort.abort(new Error('enough')), 50)
  const started = Date.now()
  await expect(fit(network, examples(), { ...options, epochs: 1e6 }, generator(2), abort.signal)).rejects.toThrow(
    'enough'
  )
  expect(Date.now() - started).toBeLessThan(2000)
})

test('a fit whose examples are all held out is refused', async () => {
  const network = await createNetwork(topology, generator(1))
  const held = { ...examples(4), validation: Uint8Array.of(1, 1, 1, 1) }
  await expect(fit(network, held, options, generator(2))).rejects.toThrow(
    /nothing to fit: all of the 4 examples are held out/
  )
})

test('a fit whose rows held out are not told for each example is refused', async () => {
  const network = await createNetwork(topology, generator(1))
  const short = { ...examples(4), validation: Uint8Array.of(1, 0, 1) }
  await expect(fit(network, short, options, generator(2))).rejects.toThrow(
    'validation for row 0 must be Uint8Array of 4, not Uint8Array of 3'
  )
})
