// @ts-check
// tfjs-node calls these helpers of `util`, which Node 23 removed (tensorflow/tfjs#8425). Preloaded with --require.
/** @type {Record<string, unknown>} */
const util = require('node:util')
util.isNullOrUndefined ??= (/** @type {unknown} */ value) => value === null || value === undefined
util.isArray ??= Array.isArray
util.isString ??= (/** @type {unknown} */ value) => typeof value === 'string'
