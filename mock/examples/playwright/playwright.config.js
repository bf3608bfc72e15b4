// SPDX-License-Identifier: Apache-2.0
import { chromium, defineConfig } from '@playwright/test';
import { existsSync } from 'node:fs';

/** The Chromium that Playwright has installed, or that of the system; undefined where there is none. */
export const browser = [process.env.CHROMIUM, chromium.executablePath(), '/usr/bin/chromium', '/usr/bin/google-chrome', '/usr/bin/chromium-browser']
  .find(file => file && existsSync(file));

export default defineConfig({
  testMatch: '*.spec.js',
  workers: 1,
  reporter: 'list',
  timeout: 60_000,
  expect: { timeout: 15_000 },
  use: {
    launchOptions: {
      executablePath: browser,
      args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
    },
  },
});
