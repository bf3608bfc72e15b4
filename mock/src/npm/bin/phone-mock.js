#!/usr/bin/env node
// SPDX-License-Identifier: Apache-2.0
import { spawn } from 'node:child_process';
import { command } from '../lib/java.js';

let java;
try {
  java = command(process.env.PHONE_MOCK_JAVA_OPTS?.split(/\s+/).filter(Boolean));
} catch (error) {
  console.error(`phone-mock: ${error.message}`);
  process.exit(127);
}
const mock = spawn(java.file, [...java.arguments, ...process.argv.slice(2)], { stdio: 'inherit' });
// A terminal sends Ctrl-C to both; whoever kills only this process means both, too.
for (const signal of ['SIGTERM', 'SIGHUP']) {
  process.on(signal, () => mock.kill(signal));
}
process.on('SIGINT', () => {});
mock.on('error', error => {
  console.error(`phone-mock: ${java.file} cannot be started: ${error.message}`);
  process.exit(127);
});
mock.on('exit', (code, signal) => process.exit(signal ? 128 + { SIGHUP: 1, SIGINT: 2, SIGKILL: 9, SIGTERM: 15 }[signal] : code));
