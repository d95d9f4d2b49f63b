/** Finishes pages once they are HTML. */
import { appendFileSync, existsSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, relative } from 'node:path'
import type { Page } from './page.ts'

/** The part of MathJax that is used here; it comes without types. */
interface MathJax {
  init(options: object): Promise<MathJax>
  svgStylesheet(): object
  readonly startup: {
    readonly adaptor: {
      doctype(document: object): string
      root(document: object): object
      outerHTML(node: object): string
      textContent(node: object): string
    }
    getDocument(html: string): { readonly document: object; render(): void }
  }
}

/**
 * Makes a function that finishes a page: its links lead to pages of the site, and its formulas are drawn. They need styles, which
 * the site's own get.
 *
 * @param site the folder, with all files but the pages
 */
export async function pageWriter(
  site: string,
  pages: readonly Page[]
): Promise<(path: string, html: string) => string> {
  const { typeset, styles } = await typesetter()
  appendFileSync(join(site, 'assets/site.css'), styles)
  return (path, html) => typeset(withLinks(withScopes(html), path, site, pages))
}

/** Says of each head of a table whether it is a column's or a row's. */
const withScopes = (html: string): string =>
  html
    .replace(/<thead>[\s\S]*?<\/thead>/g, (head) => head.replace(/<th(?=[\s>])(?![^>]*scope)/g, '<th scope="col"'))
    .replace(/<th(?=[\s>])(?![^>]*scope)/g, '<th scope="row"')

/** Leads links to pages: notebooks, documents and sources are linked to as they are in the checkout, which has none. */
function withLinks(html: string, path: string, site: string, pages: readonly Page[]): string {
  const lead = (target: string): string => {
    const file = join(dirname(path), decodeURI(target))
    const itsPage = file.replace(/\.(ipynb|md|ts)$/, '.html')
    if (pages.some((page) => page.path === itsPage)) return target.replace(/\.(ipynb|md|ts)$/, '.html')
    if (!existsSync(join(site, file))) throw new Error(`${path} links to ${target}, which the site does not have`)
    return statSync(join(site, file)).isDirectory() ? relative(dirname(path), 'records.html') : target
  }
  // a page's own links to downloads have other attributes before
  return html.replace(/(?<=<a href=")(?![a-z]+:)[^"#]+/g, lead)
}

/** Draws TeX between dollars as MathJax does in a browser, with MathML beside it for who cannot see that; and gives its styles. */
async function typesetter() {
  const loaded: MathJax = createRequire(import.meta.url)('mathjax')
  const mathJax = await loaded.init({
    loader: { load: ['input/tex', 'output/svg', 'a11y/assistive-mml'] },
    tex: { inlineMath: [['$', '$']] }
  })
  const { adaptor } = mathJax.startup
  const typeset = (html: string): string => {
    const page = mathJax.startup.getDocument(html)
    page.render()
    return adaptor.doctype(page.document) + adaptor.outerHTML(adaptor.root(page.document))
  }
  return { typeset, styles: adaptor.textContent(mathJax.svgStylesheet()) }
}
