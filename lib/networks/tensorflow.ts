/**
 * The TensorFlow engine: any model of TensorFlow.js, on `@tensorflow/tfjs-node`. It computes the networks that the fused engine
 * cannot, and the fused engine is tested against it. It is much slower, and its bits may differ between machines.
 */
import * as tf from '@tensorflow/tfjs-node'
import { gather } from '../util/matrix'
import { integer, type Rng } from '../util/random'
import {
  adam,
  checkMatrix,
  checkRows,
  type Examples,
  type Network,
  type Training,
  type TrainingOptions
} from './network'
import type { Topology } from './topology'

const seedFrom = (rng: Rng): number => integer(rng, 2 ** 31)

/** Sets every seed in a topology, of initializers and of dropout, to a draw from `rng`. */
const withSeeds = (topology: Topology, rng: Rng): Topology =>
  JSON.parse(JSON.stringify(topology), (key, value) => (key === 'seed' ? seedFrom(rng) : value)) as Topology

/** Returns the width of an input or output, which must be rows of numbers. */
function widthOf(name: string, shape: tf.Shape): number {
  const [, width] = shape
  if (shape.length !== 2 || !width)
    throw new TypeError(
      `the network's ${name} must be rows of numbers, [null, ·], not ${JSON.stringify(shape)}: begin or end it with a reshape or flatten layer`
    )
  return width
}

/**
 * Creates a network on TensorFlow.
 *
 * @param rng draws the initial weights of initializers that take a seed (TensorFlow.js's own do)
 * @throws TypeError unless inputs and outputs are rows of numbers
 */
export async function tensorflowNetwork(topology: Topology, rng: Rng): Promise<Network> {
  type Json = Parameters<typeof tf.models.modelFromJSON>[0]
  const model = await tf.models.modelFromJSON({ modelTopology: withSeeds(topology, rng) } as unknown as Json)
  const inputs = widthOf('input', model.inputs[0].shape)
  const outputs = widthOf('output', model.outputs[0].shape)
  const dropouts = model.layers.filter((layer) => 'seed' in layer) as (tf.layers.Layer & { seed: number })[]
  const variables = model.trainableWeights.map((weight) => weight.read() as tf.Variable)
  let optimizer: tf.AdamOptimizer | undefined

  const apply = (x: tf.Tensor, training = false): tf.Tensor => model.apply(x, { training }) as tf.Tensor
  const matrix = (values: Float32Array, rows: number, width: number): tf.Tensor2D => tf.tensor2d(values, [rows, width])
  const numbers = (compute: () => tf.Tensor): Float32Array => tf.tidy(() => compute().dataSync<'float32'>().slice())
  const check = (values: Float32Array, outputGradients: Float32Array, rows: number): void => {
    checkMatrix('inputs', values, rows, inputs)
    checkMatrix('output gradients', outputGradients, rows, outputs)
  }

  const network: Network = {
    engine: 'tensorflow',
    topology,
    inputs,
    outputs,
    predict(values, rows) {
      checkMatrix('inputs', values, rows, inputs)
      return numbers(() => apply(matrix(values, rows, inputs)))
    },
    inputGradients(values, outputGradients, rows) {
      check(values, outputGradients, rows)
      const scalar = (x: tf.Tensor): tf.Tensor => tf.sum(tf.mul(apply(x), matrix(outputGradients, rows, outputs)))
      return numbers(() => tf.grad(scalar)(matrix(values, rows, inputs)))
    },
    weightGradients(values, outputGradients, rows) {
      check(values, outputGradients, rows)
      return tf.tidy(() => {
        const scalar = (): tf.Scalar =>
          tf.sum(tf.mul(apply(matrix(values, rows, inputs)), matrix(outputGradients, rows, outputs)))
        const { grads } = tf.variableGrads(scalar, variables)
        return model.weights.map((weight) => {
          const gradient = grads[(weight.read() as tf.Variable).name]
          return gradient ? gradient.dataSync<'float32'>().slice() : new Float32Array(weight.read().size)
        })
      })
    },
    weights() {
      return model.weights.map((weight) => ({
        name: weight.originalName,
        shape: weight.read().shape,
        values: weight.read().dataSync<'float32'>().slice()
      }))
    },
    setWeights(values) {
      const shapes = model.weights.map((weight) => weight.read().shape)
      if (values.length !== shapes.length)
        throw new RangeError(`this network has ${shapes.length} weights, not ${values.length}`)
      for (const [i, shape] of shapes.entries())
        checkMatrix(model.weights[i].originalName, values[i], 1, tf.util.sizeFromShape(shape))
      tf.tidy(() => model.setWeights(shapes.map((shape, i) => tf.tensor(values[i], shape))))
    },
    async initialize(rng) {
      const fresh = await tensorflowNetwork(topology, rng)
      network.setWeights(fresh.weights().map(({ values }) => values))
      fresh.dispose()
    },
    train: (examples, options) => training(examples, options),
    dispose() {
      model.dispose()
      optimizer?.dispose()
    }
  }

  function training(examples: Examples, { loss, learningRate, optimizer: start, rng }: TrainingOptions): Training {
    checkMatrix('inputs', examples.inputs, examples.rows, inputs)
    checkMatrix('targets', examples.targets, examples.rows, outputs)
    if (start === 'fresh' || !optimizer) {
      optimizer?.dispose()
      optimizer = tf.train.adam(learningRate, adam.beta1, adam.beta2, adam.epsilon)
    }
    const adamOptimizer = optimizer
    const pick = (from: Float32Array, rows: Uint32Array, width: number): tf.Tensor2D =>
      matrix(gather(from, rows, width), rows.length, width)
    const meanLoss = (rows: Uint32Array, dropping: boolean): tf.Scalar => {
      checkRows(rows, examples)
      const predicted = apply(pick(examples.inputs, rows, inputs), dropping)
      const targets = pick(examples.targets, rows, outputs)
      const mean =
        loss === 'logistic'
          ? tf.losses.sigmoidCrossEntropy(targets, predicted)
          : tf.losses.meanSquaredError(targets, predicted)
      return mean as tf.Scalar
    }
    return {
      step(batch) {
        // with a constant seed TensorFlow.js would draw the same mask in every step
        for (const layer of dropouts) layer.seed = seedFrom(rng)
        return tf.tidy(
          () => (adamOptimizer.minimize(() => meanLoss(batch, true), true, variables) as tf.Scalar).dataSync()[0]
        )
      },
      loss: (rows) => tf.tidy(() => meanLoss(rows, false).dataSync()[0])
    }
  }

  return network
}
