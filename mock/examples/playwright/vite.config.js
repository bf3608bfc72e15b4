// SPDX-License-Identifier: Apache-2.0
import { defineConfig } from 'vite';

/** What the shop's server does: passes requests on, with credentials that no browser may have. */
export const phoneProxy = (url, credentials) => ({ '/otp': { target: url, rewrite: path => `/v1${path}`, headers: credentials } });

// By hand: npx phone-mock, and npm run dev in another terminal. The credentials are those of the demo world, which the mock prints.
export default defineConfig({
  server: {
    proxy: phoneProxy('http://localhost:4010', {
      'x-client-id': 'ph_test_client_4ed69dbafe4f032d4b132ae2e2b0b4830e05c48d92997661',
      'x-client-secret': 'ph_test_secret_c5378b0bc656a54fa140ec9bb07456f003884033c09908b0',
      'x-api-key': 'ph_test_api_44827a6cff385ba61cabbc15b4219c5a8c532f69c6853777',
    }),
  },
});
