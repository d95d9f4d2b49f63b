/** Streams of Node, which danfo's own are made of. A page has none. */
class NoStream {
  constructor() {
    throw new Error('a page has no streams of Node')
  }
}

export { NoStream as Readable, NoStream as Transform, NoStream as Writable }
