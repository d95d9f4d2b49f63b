/**
 * The TensorFlow engine: any model of TensorFlow.js, on `@tensorflow/tfjs-node`. It computes the networks that the fused engine
 * cannot, and the fused engine is tested against it. It is much slower, and its bits may differ between machines.
 */
import * as tf from '@tensorflow/tfjs-node'
import { gather } from '../util/matrix'
import type { Rng } from '../util/random'
import { adam, checkMatrix, checkRows, checkWeights, type Network, valuesOf } from './network'
import { isPenalty, type Topology } from './topology'

type ModelJson = Parameters<typeof tf.models.modelFromJSON>[0]

/**
 * Computes something on TensorFlow whose random numbers come from `rng`. Many layers of TensorFlow.js take no seed, at whatever depth of a model:
 * they draw one from JavaScript's own random numbers, each time anew. So those are replaced for as long as `compute` runs, which is at once.
 */
function drawingFrom<T>(rng: Rng, compute: () => T): T {
  const { random } = Math
  Object.assign(Math, { random: rng })
  try {
    return compute()
  } finally {
    Object.assign(Math, { random })
  }
}

/** Returns the width of the one input or output, which must be rows of numbers. */
function widthOf(name: string, { length, 0: first }: readonly tf.SymbolicTensor[]): number {
  if (length !== 1) throw new TypeError(`the network has ${length} ${name}s and must have one: join them in a layer`)
  const [, width] = first.shape
  if (first.shape.length !== 2 || !width)
    throw new TypeError(`the network's ${name} must be rows of numbers, not [${first.shape}]: add a flatten layer`)
  return width
}

/**
 * Creates a network on TensorFlow.
 *
 * @param rng draws the initial weights
 * @throws TypeError unless there is one input and one output, both rows of numbers
 */
export async function tensorflowNetwork(topology: Topology, rng: Rng): Promise<Network> {
  // with a seed, a layer would draw the same in every step; a constraint would change weights that are set
  const withoutSeed = (key: string, value: unknown): unknown => (key === 'seed' || isPenalty(key) ? null : value)
  const json: ModelJson = JSON.parse(JSON.stringify({ modelTopology: topology }), withoutSeed)
  const model = await drawingFrom(rng, () => tf.models.modelFromJSON(json)).catch(({ message }: Error) => {
    throw new TypeError(`TensorFlow.js cannot make this network: ${message}`)
  })
  const inputs = widthOf('input', model.inputs)
  const outputs = widthOf('output', model.outputs)
  const shapes = model.weights.map((weight) => ({ name: weight.originalName, shape: weight.read().shape }))
  const variables = model.trainableWeights.map((weight) => weight.read() as tf.Variable)
  let optimizer: tf.AdamOptimizer | undefined

  const apply = (x: tf.Tensor, training = false): tf.Tensor => model.apply(x, { training }) as tf.Tensor
  const matrix = (values: Float32Array, rows: number, width: number): tf.Tensor2D => tf.tensor2d(values, [rows, width])
  /** Returns the scalar whose gradient with respect to the outputs is given. */
  const scalar = (x: tf.Tensor, outputGradients: Float32Array, rows: number): tf.Scalar =>
    tf.sum(tf.mul(apply(x), matrix(outputGradients, rows, outputs)))
  const numbers = (compute: () => tf.Tensor): Float32Array => tf.tidy(() => compute().dataSync<'float32'>().slice())

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
      checkMatrix('inputs', values, rows, inputs)
      checkMatrix('output gradients', outputGradients, rows, outputs)
      return numbers(() => tf.grad((x) => scalar(x, outputGradients, rows))(matrix(values, rows, inputs)))
    },
    weightGradients(values, outputGradients, rows) {
      checkMatrix('inputs', values, rows, inputs)
      checkMatrix('output gradients', outputGradients, rows, outputs)
      return tf.tidy(() => {
        const compute = () => scalar(matrix(values, rows, inputs), outputGradients, rows)
        const { grads } = tf.variableGrads(compute, variables)
        return model.weights.map((weight) => {
          const gradient = grads[(weight.read() as tf.Variable).name]
          return gradient ? gradient.dataSync<'float32'>().slice() : new Float32Array(weight.read().size)
        })
      })
    },
    weights: () =>
      shapes.map((shape, i) => ({ ...shape, values: model.weights[i].read().dataSync<'float32'>().slice() })),
    setWeights(values) {
      checkWeights(shapes, values)
      tf.tidy(() => model.setWeights(shapes.map(({ shape }, i) => tf.tensor(values[i], shape))))
    },
    async initialize(rng) {
      const fresh = await tensorflowNetwork(topology, rng)
      network.setWeights(valuesOf(fresh.weights()))
      fresh.dispose()
    },
    train(examples, { loss, learningRate, optimizer: start, rng }) {
      checkMatrix('inputs', examples.inputs, examples.rows, inputs)
      checkMatrix('targets', examples.targets, examples.rows, outputs)
      if (start === 'fresh' || !optimizer) {
        optimizer?.dispose()
        optimizer = tf.train.adam(learningRate, adam.beta1, adam.beta2, adam.epsilon)
      }
      const adamOptimizer = optimizer
      const lossOf = loss === 'logistic' ? tf.losses.sigmoidCrossEntropy : tf.losses.meanSquaredError
      const pick = (from: Float32Array, rows: Uint32Array, width: number): tf.Tensor2D =>
        matrix(gather(from, rows, width), rows.length, width)
      const meanLoss = (rows: Uint32Array, dropping: boolean): tf.Scalar => {
        checkRows(rows, examples)
        const predicted = apply(pick(examples.inputs, rows, inputs), dropping)
        const targets = pick(examples.targets, rows, outputs)
        return lossOf(targets, predicted) as tf.Scalar
      }
      return {
        step(batch) {
          const loss = () => drawingFrom(rng, () => meanLoss(batch, true))
          return tf.tidy(() => (adamOptimizer.minimize(loss, true, variables) as tf.Scalar).dataSync()[0])
        },
        loss: (rows) => tf.tidy(() => meanLoss(rows, false).dataSync()[0])
      }
    },
    dispose() {
      model.dispose()
      optimizer?.dispose()
    }
  }

  return network
}
