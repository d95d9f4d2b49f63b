export { listInputs, dense, activate, activationBackward, listActive, weightGradients, inputGradients } from './perceptron'
export { squaredError, logistic, adam } from './learning'

/** The address at which free memory begins. */
export const base: usize = __heap_base
