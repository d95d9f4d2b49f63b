/** Compiles a cell of TypeScript to the body of an async function. Its declarations become globals, which later cells see. */
import {
  type AnyNode,
  type ExpressionStatement,
  type ImportDeclaration,
  type Pattern,
  type Program,
  parse,
  type VariableDeclaration
} from 'acorn'
import { transform } from 'sucrase'

/** The word by which a name is declared. */
export type Kind = 'var' | 'let' | 'const' | 'function' | 'class' | 'import'

/** Names that a cell declares at its top level. */
export type Declared = ReadonlyMap<string, Kind>

export interface Compiled {
  readonly declared: Declared
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
  refuseNamespaces(source, code)
  const program = parse(code, { ecmaVersion: 'latest', sourceType: 'module', allowAwaitOutsideFunction: true })
  const declared = new Map<string, Kind>()
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
        declared.set(node.id.name, 'function')
        hoisted.push(`globalThis.${node.id.name} = ${node.id.name};`)
        break
      case 'ClassDeclaration':
        declared.set(node.id.name, 'class')
        edits.push(insert(node.start, `;${node.id.name} = `), insert(node.end, ';'))
        break
      case 'ExpressionStatement':
        if (i < program.body.length - 1) break
        edits.push(insert(node.start, 'return ('), closing(node, code))
    }
  }
  return {
    declared,
    code: `(async (importModule) => { 'use strict'; ${hoisted.join(' ')} ${edited(code, edits)}\n})`
  }
}

const replace = (start: number, end: number, text: string): Edit => ({ start, end, text })
const insert = (at: number, text: string): Edit => replace(at, at, text)

/** Closes a parenthesis behind an expression, in place of its semicolon. */
const closing = ({ end }: ExpressionStatement, code: string): Edit =>
  code[end - 1] === ';' ? replace(end - 1, end, ')') : insert(end, ')')

/** sucrase drops a namespace without a word: its text is in the source only. */
function refuseNamespaces(source: string, code: string): void {
  for (const { 0: text, 1: words, index } of source.matchAll(
    /^[ \t]*((?:export\s+)?(?:namespace|module)\s+[\w$.]+)\s*\{/gm
  ))
    if (!code.includes(text)) {
      const line = source.slice(0, index).split('\n').length
      throw Object.assign(
        new SyntaxError(`a cell cannot declare a namespace (${words}): an object of functions does as well`),
        { loc: { line } }
      )
    }
}

/** Applies edits, none of which overlaps another. Of those at one place, insertions come first, in their order. */
function edited(code: string, edits: readonly Edit[]): string {
  let at = 0
  let result = ''
  for (const { start, end, text } of edits.toSorted((a, b) => a.start - b.start || a.end - b.end)) {
    result += code.slice(at, start) + text
    at = end
  }
  return result + code.slice(at)
}

/** Turns an import into assignments. They take as many lines. The module is told which of its names are wanted. */
function importing(
  { source, specifiers, start, end }: ImportDeclaration,
  code: string,
  declared: Map<string, Kind>
): string {
  const wanted: string[] = []
  const assignments = specifiers.map((specifier) => {
    const { name } = specifier.local
    declared.set(name, 'import')
    const exported = exportOf(specifier)
    if (exported === undefined) return `${name} = $module;`
    wanted.push(exported)
    return `${name} = $module[${JSON.stringify(exported)}];`
  })
  const lines = '\n'.repeat(code.slice(start, end).split('\n').length - 1)
  const call = `importModule(${JSON.stringify(source.value)}, ${JSON.stringify(wanted)})`
  return `{ const $module = await ${call}; ${assignments.join(' ')} }${lines}`
}

/** Returns the name of the export that is imported, or undefined for the whole module. */
function exportOf(specifier: ImportDeclaration['specifiers'][number]): string | undefined {
  if (specifier.type === 'ImportNamespaceSpecifier') return undefined
  if (specifier.type === 'ImportDefaultSpecifier') return 'default'
  const { imported } = specifier
  return imported.type === 'Identifier' ? imported.name : String(imported.value)
}

/** Turns a declaration into assignments: `const a = 1, { b } = c` into `;a = 1, ({ b } = c);` */
function assigning({ kind, declarations, start, end }: VariableDeclaration, declared: Map<string, Kind>): Edit[] {
  const edits = [replace(start, declarations[0].start, ';')]
  for (const { id, init, ...at } of declarations) {
    for (const name of namesIn(id)) declared.set(name, kind === 'var' || kind === 'let' ? kind : 'const')
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
