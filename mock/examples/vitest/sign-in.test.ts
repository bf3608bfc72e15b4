// SPDX-License-Identifier: Apache-2.0
import { startPhoneMock, type PhoneMock } from 'phone-mock';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { SignIn } from './sign-in';

const number = '+999 482 918 102';
let phone: PhoneMock;
let signIn: SignIn;

beforeAll(async () => {
  phone = await startPhoneMock();
  signIn = new SignIn(phone.url, phone.credentials.app);
}, 60_000);
beforeEach(() => phone.reset());
afterAll(() => phone.stop());

test('the code from the inbox is right', async () => {
  const id = await signIn.start(number);
  const [{ code }] = await phone.inbox(number);
  expect(await signIn.enter(id, code)).toBe('Welcome!');
});

test('an old code is too old', async () => {
  const id = await signIn.start(number);
  const [{ code }] = await phone.inbox(number);
  await phone.clock.advance('PT5M');
  expect(await signIn.enter(id, code)).toBe('Your code is too old.');
});

test('another code is wrong, until no attempts are left', async () => {
  const id = await signIn.start(number);
  const [{ code }] = await phone.inbox(number);
  const other = code === '000000' ? '000001' : '000000';
  expect(await signIn.enter(id, other)).toBe('That is not the code.');
  for (let i = 0; i < 4; i++) await signIn.enter(id, other);
  expect(await signIn.enter(id, code)).toBe('This code no longer works. Please ask for a new one.');
});

test.each([401, 429, 500])('a %i is not about the code', async (status) => {
  const id = await signIn.start(number);
  const failing = new SignIn(phone.url, { ...phone.credentials.app, prefer: `code=${status}` });
  await expect(failing.enter(id, '000000')).rejects.toThrow(String(status));
});
