// SPDX-License-Identifier: Apache-2.0
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { command } from './lib/java.js';

/** Starts a mock in a process of its own, and waits until it answers. */
export async function startPhoneMock(options = {}) {
  const java = command(options.javaOptions);
  const folder = await mkdtemp(join(tmpdir(), 'phone-mock-'));
  const ready = join(folder, 'ready.json');
  const mock = spawn(java.file, [...java.arguments, '--ready-file', ready, ...flags(options)], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, ...(options.limits === false && { PHONE_LIMITS: 'off' }) },
  });
  let said = '';
  let failure;
  mock.stderr.on('data', text => { said = (said + text).slice(-10_000); });
  mock.on('error', error => { failure = error; });
  const ended = new Promise(resolve => mock.on('exit', resolve).on('error', resolve));
  // Tests that end without stop(), by an exception for example, leave no process behind.
  const kill = () => mock.kill();
  process.once('exit', kill);
  const stop = async () => {
    process.off('exit', kill);
    mock.kill();
    await ended;
    await rm(folder, { recursive: true, force: true });
  };
  try {
    return mockAt(await told(ready, mock, options.timeout ?? 30_000, () => failure?.message ?? said.trim()), stop);
  } catch (error) {
    await stop();
    throw error;
  }
}

function flags({ port = 0, host, seed, contract, stubs, delay, journal, stateless }) {
  const flags = ['--port', port];
  for (const [name, value] of Object.entries({ host, seed, contract, stubs, delay, journal })) {
    if (value !== undefined) {
      flags.push(`--${name}`, value);
    }
  }
  if (stateless) {
    flags.push('--stateless');
  }
  return flags.map(String);
}

/** What the mock writes into its ready file. */
async function told(file, mock, timeout, complaint) {
  const end = Date.now() + timeout;
  for (;;) {
    try {
      return JSON.parse(await readFile(file, 'utf8'));
    } catch (error) {
      if (error.code !== 'ENOENT') {
        throw error;
      }
    }
    if (mock.exitCode !== null || complaint() && mock.pid === undefined) {
      throw new Error(`the mock ended before it was ready: ${complaint() || `exit code ${mock.exitCode}`}`);
    }
    if (Date.now() > end) {
      throw new Error(`the mock was not ready after ${timeout} ms${complaint() && `: ${complaint()}`}`);
    }
    await pause(20);
  }
}

function mockAt({ url, port, credentials }, stop) {
  const admin = async (path, body) => {
    const response = await fetch(`${url}/__admin/phone/${path}`, body === undefined ? {} : {
      method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body),
    });
    if (!response.ok) {
      throw new Error(`/__admin/phone/${path} answered ${response.status}: ${await response.text()}`);
    }
    return response.status === 204 ? undefined : response.json();
  };
  const now = async change => new Date((await admin('clock', change)).now);
  return {
    url, port, credentials, stop,
    reset: async session => { await admin(session === undefined ? 'reset' : `reset?session=${encodeURIComponent(session)}`, {}); },
    state: session => admin(session === undefined ? 'state' : `state?session=${encodeURIComponent(session)}`),
    clock: {
      now: () => now(),
      advance: by => now({ advance: by }),
      freeze: (at = true) => now({ freeze: at instanceof Date ? at.toISOString() : at }),
      reset: () => now({ reset: true }),
    },
    async inbox(phoneNumber, session) {
      const digits = phoneNumber.replaceAll(' ', '');
      const { resources } = await this.state(session);
      return (resources.Message ?? []).filter(({ owner }) => owner.replaceAll(' ', '') === digits).map(({ value }) => value)
        .sort((a, b) => b.receivedAt.localeCompare(a.receivedAt));
    },
    async [Symbol.asyncDispose ?? Symbol.for('Symbol.asyncDispose')]() { await stop(); },
  };
}
