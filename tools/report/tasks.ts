/** The paper's tasks: the figures it gives to each, and the digits it prints of losses. */
export const tasks = [
  { environment: 'reacher', name: 'Reacher', figure: 2, digits: 2 },
  { environment: 'hopper', name: 'Hopper', figure: 3, digits: 0 }
] as const

/** Those whose experts gave the labels. */
export type Whose = 'our' | 'Berkeley’s'
