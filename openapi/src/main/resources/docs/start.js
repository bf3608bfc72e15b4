// SPDX-License-Identifier: Apache-2.0
// Everything that would ask another host for something is turned off here, and forbidden by the page's content security policy besides.
// Requests have the credentials of the demo world, so that what is copied from the page runs as pasted.

// The page draws a section when it comes near. Before it is printed, all sections are drawn, and those beside the focus are, too: the Tab key
// would jump over a section that is not there yet.
const placeholders = new Map()
let printing = false
window.IntersectionObserver = class extends IntersectionObserver {
  #callback

  constructor (callback, options) {
    super(callback, options)
    this.#callback = callback
  }

  observe (target) {
    super.observe(target)
    if (!('placeholder' in target.dataset)) return
    const draw = () => this.#callback([{ isIntersecting: true, target }], this)
    placeholders.set(target, draw)
    if (printing) draw()
  }
}
const drawn = new MutationObserver(showMore)
function showMore () {
  for (const button of document.querySelectorAll('.show-more')) button.click()
}
addEventListener('beforeprint', () => {
  printing = true
  drawn.observe(document.body, { childList: true, subtree: true })
  showMore()
  for (const [target, draw] of placeholders) if (target.isConnected) draw()
})
addEventListener('afterprint', () => {
  printing = false
  drawn.disconnect()
})
addEventListener('focusin', ({ target }) => {
  if (target.matches('[role=search] input')) target.ariaLabel ??= 'Search'
  const undrawn = [...document.querySelectorAll('[data-placeholder=true]')]
  const follows = (section) => target.compareDocumentPosition(section) & Node.DOCUMENT_POSITION_FOLLOWING
  const before = undrawn.filter((section) => !follows(section)).slice(-2)
  const after = undrawn.filter(follows).slice(0, 2)
  for (const section of [...before, ...after]) placeholders.get(section)?.()
})

// The page's own search is fuzzy, and lists operations and schemas before guides. This puts the guides that contain all words above its results.
function showGuides (target, guides) {
  const search = target.closest('[role=search]')
  const words = search?.querySelector('input')?.value.toLowerCase().split(' ').filter(Boolean)
  if (!words) return
  const mentions = (text) => words.map((word) => text.toLowerCase().split(word).length - 1)
  const found = guides.filter(({ title, text }) => words.length && mentions(title + text).every((count) => count))
  const sum = (text) => mentions(text).reduce((a, b) => a + b)
  const rank = ({ title, headings, text }) => 100 * sum(title) + 10 * sum(headings) + sum(text)
  const links = found.sort((a, b) => rank(b) - rank(a)).slice(0, 5).map(({ link, title }) => {
    const a = document.createElement('a')
    a.href = link
    a.textContent = title
    a.onclick = () => search.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', bubbles: true }))
    return a
  })
  document.querySelector('.guides')?.remove()
  if (!links.length) return
  const nav = document.createElement('nav')
  nav.className = 'guides'
  nav.ariaLabel = 'Guides'
  nav.append('Guides:', ...links)
  search.after(nav)
}

// A copy that is opened from disk has the contract in a script.
Promise.resolve(window.contract ?? fetch('/openapi.json').then((response) => response.json())).then((contract) => {
  const { alice, app } = contract['x-demo-world'].credentials
  const isCopy = location.protocol === 'file:'
  if (!isCopy) {
    contract.info.description += '\n\nThe contract: [OpenAPI 3.1 as JSON](/openapi.json), [as YAML](/openapi.yaml), [OpenAPI 3.0](/openapi-3.0.json).'
  }
  const guides = contract.tags.filter(({ name }) => name.startsWith('Guide: ')).map(({ name, description }) => ({
    link: `#tag/${slug(name)}`,
    title: name.replace('Guide: ', ''),
    headings: description.match(/^#.*/gm)?.join() ?? '',
    text: description,
  }))
  for (const type of ['input', 'click']) addEventListener(type, ({ target }) => setTimeout(() => showGuides(target, guides)))
  Scalar.createApiReference('#docs', {
    // The introduction shows the credentials of the contract as a whole; each operation has its own.
    content: { security: [{ bearer: [] }], ...described(contract, isCopy ? contract.servers[0].url : location.origin) },
    // It would be what is described here, not the contract.
    documentDownloadType: 'none',
    authentication: {
      securitySchemes: {
        bearer: { token: alice.authorization.replace('Bearer ', '') },
        clientId: { value: app['x-client-id'] },
        clientSecret: { value: app['x-client-secret'] },
        apiKey: { value: app['x-api-key'] },
      },
    },
    withDefaultFonts: false,
    telemetry: false,
    agent: { disabled: true },
    mcp: { disabled: true },
    hideClientButton: true,
    // The samples are ours, see samples.js; there are no client libraries to promise.
    hiddenClients: true,
    showDeveloperTools: 'never',
  })
})
