// SPDX-License-Identifier: Apache-2.0
// Everything that would ask another host for something is turned off here, and forbidden by the page's content security policy besides.
Scalar.createApiReference('#docs', {
  url: '/openapi.json',
  withDefaultFonts: false,
  telemetry: false,
  agent: { disabled: true },
  mcp: { disabled: true },
  hideClientButton: true,
  showDeveloperTools: 'never',
})
