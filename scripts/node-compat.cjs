// tfjs-node calls these helpers of `util`, which Node 23 removed (tensorflow/tfjs#8425). Preloaded with --require.
const util = require('node:util')
util.isNullOrUndefined ??= (value) => value === null || value === undefined
util.isArray ??= Array.isArray
util.isString ??= (value) => typeof value === 'string'
