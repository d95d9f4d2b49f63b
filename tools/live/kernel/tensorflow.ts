/** TensorFlow.js in a page, on the processor: its results then do not depend on a graphics card. */
import { setBackend } from '@tensorflow/tfjs'

export * from '@tensorflow/tfjs'

void setBackend('cpu') // it is set at once
