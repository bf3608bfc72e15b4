// SPDX-License-Identifier: Apache-2.0
// Everything that would ask another host for something is turned off here, and forbidden by the page's content security policy besides.
// The requests are made out to the demo world, so that what is copied from the page can be pasted.

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
