/**
 * The global names that the kernel, the library and their modules use. A cell may declare each anew; theirs stay as they were at first.
 * BigInt is not among them, for one of the modules assigns it.
 */
export const ownGlobals: readonly string[] = `
  AbortController AggregateError Array ArrayBuffer Atomics BigInt64Array BigUint64Array Blob Boolean DataView Date DecompressionStream
  Error EvalError Event EventTarget FinalizationRegistry Float32Array Float64Array Function Int16Array Int32Array Int8Array Intl JSON Map Math
  MessageChannel Number Object OffscreenCanvas Promise Proxy RangeError ReadableStream ReferenceError Reflect RegExp Request Response Set
  SharedArrayBuffer String Symbol SyntaxError TextDecoder TextEncoder TypeError URIError URL URLSearchParams Uint16Array Uint32Array Uint8Array
  Uint8ClampedArray WeakMap WeakRef WeakSet WebAssembly Worker XMLHttpRequest
  addEventListener atob btoa clearInterval clearTimeout console crypto decodeURI decodeURIComponent document encodeURI encodeURIComponent escape
  fetch isFinite isNaN location navigator parseFloat parseInt performance process queueMicrotask self setInterval setTimeout structuredClone
  unescape window`
  .trim()
  .split(/\s+/)

/** Returns a module that exports them, for esbuild to put in the place of the global ones. */
export const globalsModule = (): string =>
  ownGlobals.map((name) => `const own${name} = globalThis.${name}; export { own${name} as ${name} }\n`).join('')
