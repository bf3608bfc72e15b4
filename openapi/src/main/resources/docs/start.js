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

// A copy that is opened from disk has the contract in a script.
Promise.resolve(window.contract ?? fetch('/openapi.json').then((response) => response.json())).then((contract) => {
  const { alice, app } = contract['x-demo-world'].credentials
  Scalar.createApiReference('#docs', {
    content: described(contract, location.protocol === 'file:' ? contract.servers[0].url : location.origin),
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
