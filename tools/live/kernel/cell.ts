/** Compiles a cell of TypeScript to the body of an async function. Its declarations become globals, which later cells see. */
import {
  type AnyNode,
  type ImportDeclaration,
  type Pattern,
  type Program,
  parse,
  type VariableDeclaration
} from 'acorn'
import { transform } from 'sucrase'

export interface Compiled {
  /** Names that the cell declares at its top level. */
  readonly declared: readonly string[]
  /** An expression whose value is `(importModule) => Promise<value of the last expression>`. Its lines are the cell's. */
  readonly code: string
}

/** Replaces the text from `start` to `end`. */
interface Edit {
  readonly start: number
  readonly end: number
  readonly text: string
}

/** @throws SyntaxError with the line, for what is no TypeScript */
export function compile(source: string): Compiled {
  const { code } = transform(source, {
    transforms: ['typescript'],
    disableESTransforms: true,
    keepUnusedImports: true
  })
  const program = parse(code, { ecmaVersion: 'latest', sourceType: 'module', allowAwaitOutsideFunction: true })
  const declared = new Set<string>()
  const hoisted: string[] = []
  const edits = [...dynamicImports(program)]
  for (const [i, statement] of program.body.entries()) {
    const node =
      statement.type === 'ExportNamedDeclaration' && statement.declaration ? statement.declaration : statement
    if (node !== statement) edits.push(replace(statement.start, node.start, ''))
    switch (node.type) {
      case 'ImportDeclaration':
        edits.push(replace(node.start, node.end, importing(node, code, declared)))
        break
      case 'VariableDeclaration':
        edits.push(...assigning(node, declared))
        break
      case 'FunctionDeclaration':
        declared.add(node.id.name)
        hoisted.push(`globalThis.${node.id.name} = ${node.id.name};`)
        break
      case 'ClassDeclaration':
        declared.add(node.id.name)
        edits.push(insert(node.start, `;${node.id.name} = `), insert(node.end, ';'))
        break
      case 'ExpressionStatement':
        if (i < program.body.length - 1) break
        edits.push(insert(node.start, 'return ('), replace(node.expression.end, node.end, ')'))
    }
  }
  return {
    declared: [...declared],
    code: `(async (importModule) => { 'use strict'; ${hoisted.join(' ')} ${edited(code, edits)}\n})`
  }
}

const replace = (start: number, end: number, text: string): Edit => ({ start, end, text })
const insert = (at: number, text: string): Edit => replace(at, at, text)

/** Applies edits, none of which overlaps another. Of two at one place, the first stays first. */
function edited(code: string, edits: readonly Edit[]): string {
  let at = 0
  let result = ''
  for (const { start, end, text } of edits.toSorted((a, b) => a.start - b.start)) {
    result += code.slice(at, start) + text
    at = end
  }
  return result + code.slice(at)
}

/** Turns an import into assignments. They take as many lines. */
function importing({ source, specifiers, start, end }: ImportDeclaration, code: string, declared: Set<string>): string {
  const assignments = specifiers.map((specifier) => {
    const { name } = specifier.local
    declared.add(name)
    if (specifier.type === 'ImportNamespaceSpecifier') return `${name} = $module;`
    if (specifier.type === 'ImportDefaultSpecifier') return `${name} = $module.default;`
    const { imported } = specifier
    return `${name} = $module[${JSON.stringify(imported.type === 'Identifier' ? imported.name : imported.value)}];`
  })
  const lines = '\n'.repeat(code.slice(start, end).split('\n').length - 1)
  return `{ const $module = await importModule(${JSON.stringify(source.value)}); ${assignments.join(' ')} }${lines}`
}

/** Turns a declaration into assignments: `const a = 1, { b } = c` into `;a = 1, ({ b } = c);` */
function assigning({ declarations, start, end }: VariableDeclaration, declared: Set<string>): Edit[] {
  const edits = [replace(start, declarations[0].start, ';')]
  for (const { id, init, ...at } of declarations) {
    for (const name of namesIn(id)) declared.add(name)
    if (!init) edits.push(insert(at.end, ' = undefined'))
    else if (id.type !== 'Identifier') edits.push(insert(at.start, '('), insert(at.end, ')'))
  }
  return [...edits, insert(end, ';')]
}

/** Returns the names that a pattern binds. */
function namesIn(pattern: Pattern | null): string[] {
  switch (pattern?.type) {
    case 'Identifier':
      return [pattern.name]
    case 'ObjectPattern':
      return pattern.properties.flatMap((one) => namesIn(one.type === 'RestElement' ? one.argument : one.value))
    case 'ArrayPattern':
      return pattern.elements.flatMap(namesIn)
    case 'AssignmentPattern':
      return namesIn(pattern.left)
    case 'RestElement':
      return namesIn(pattern.argument)
    default:
      return []
  }
}

/** Leads `import('…')`, wherever it stands, to `importModule`. */
function dynamicImports(node: AnyNode | Program): Edit[] {
  const own =
    node.type === 'ImportExpression' ? [replace(node.start, node.start + 'import'.length, 'importModule')] : []
  const inner = Object.values(node).flat().filter(isNode)
  return [...own, ...inner.flatMap(dynamicImports)]
}

const isNode = (value: unknown): value is AnyNode =>
  typeof value === 'object' && value !== null && 'type' in value && 'start' in value
