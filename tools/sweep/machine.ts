import { cpus } from 'node:os'

/** Names this machine, for the provenance of records. */
export const machine = (): string => `${cpus()[0]?.model ?? process.arch}, Node ${process.versions.node}`
