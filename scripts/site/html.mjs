/** What pages still need once they are HTML. */
import { appendFileSync, existsSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, relative } from 'node:path'

/**
 * A function that finishes a page: its links lead to pages of the site, and its formulas are drawn. They need styles, which the
 * site's own get.
 *
 * @param site the folder, with all files but the pages
 */
export async function pageWriter(site, pages) {
  const { typeset, styles } = await typesetter()
  appendFileSync(join(site, 'assets/site.css'), styles)
  return (path, html) => typeset(withLinks(html, path, site, pages))
}

/** Notebooks and documents are linked to as they are in the checkout, which has no pages. */
function withLinks(html, path, site, pages) {
  const lead = (target) => {
    const file = join(dirname(path), decodeURI(target))
    const itsPage = file.replace(/\.(ipynb|md)$/, '.html')
    if (pages.some((page) => page.path === itsPage)) return target.replace(/\.(ipynb|md)$/, '.html')
    if (!existsSync(join(site, file))) throw new Error(`${path} links to ${target}, which the site does not have`)
    return statSync(join(site, file)).isDirectory() ? relative(dirname(path), 'records.html') : target
  }
  // a page's own links to downloads have other attributes before
  return html.replace(/(?<=<a href=")(?![a-z]+:)[^"#]+/g, lead)
}

/** Draws TeX between dollars as MathJax does in a browser, with MathML beside it for who cannot see that; and what styles that has. */
async function typesetter() {
  const MathJax = await createRequire(import.meta.url)('mathjax').init({
    loader: { load: ['input/tex', 'output/svg', 'a11y/assistive-mml'] },
    tex: { inlineMath: [['$', '$']] }
  })
  const { adaptor } = MathJax.startup
  const typeset = (html) => {
    const page = MathJax.startup.getDocument(html)
    page.render()
    return adaptor.doctype(page.document) + adaptor.outerHTML(adaptor.root(page.document))
  }
  return { typeset, styles: adaptor.textContent(MathJax.svgStylesheet()) }
}
