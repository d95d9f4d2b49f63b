export { list, dense, activate, deactivate, compact, weightGradients, inputGradients } from './perceptron'
export { squaredError, logistic, adam } from './learning'

/** Where memory is free. */
export const base: usize = __heap_base
