// SPDX-License-Identifier: Apache-2.0
import { expect, test } from '@playwright/test';
import { startPhoneMock } from 'phone-mock';
import { createServer } from 'vite';
import { browser } from './playwright.config.js';
import { phoneProxy } from './vite.config.js';

test.skip(!browser, 'there is no Chromium: npx playwright install chromium, or set CHROMIUM');

const number = '+999 482 918 102';
let phone;
let shop;

test.beforeAll(async () => {
  if (browser) {
    phone = await startPhoneMock();
    shop = await createServer({ configFile: false, logLevel: 'error', server: { port: 0, proxy: phoneProxy(phone.url, phone.credentials.app) } });
    await shop.listen();
  }
});

test.beforeEach(async ({ page }) => {
  await phone.reset();
  await page.goto(shop.resolvedUrls.local[0]);
  await page.getByLabel('Phone number').fill(number);
  await page.getByRole('button', { name: 'Send me a code' }).click();
  await expect(page.getByRole('status')).toHaveText('We have sent you a code.');
});

test.afterAll(async () => {
  await shop?.close();
  await phone?.stop();
});

async function enter(page, code) {
  await page.getByLabel('Code').fill(code);
  await page.getByRole('button', { name: 'Sign in' }).click();
}

test('signs in with the code of the inbox', async ({ page }) => {
  const [{ code }] = await phone.inbox(number);
  await enter(page, code);
  await expect(page.getByRole('status')).toHaveText('Welcome!');
});

test('tells of a wrong code how many tries are left', async ({ page }) => {
  const [{ code }] = await phone.inbox(number);
  await enter(page, code === '000000' ? '111111' : '000000');
  await expect(page.getByRole('status')).toHaveText('That is not the code. 4 tries left.');
});

test('tells that a code is too old', async ({ page }) => {
  const [{ code }] = await phone.inbox(number);
  await phone.clock.advance('PT5M');
  await enter(page, code);
  await expect(page.getByRole('status')).toHaveText('Your code is too old.');
});
