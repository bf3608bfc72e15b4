// SPDX-License-Identifier: Apache-2.0
import { spawnSync } from 'node:child_process';
import { existsSync, statSync, utimesSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const MINIMUM = 21;
const jar = join(dirname(fileURLToPath(import.meta.url)), 'phone-mock.jar');
const executable = process.platform === 'win32' ? 'java.exe' : 'java';

/**
 * How the mock is started: with the Java runtime of the package for this platform if that is installed, otherwise with the Java of JAVA_HOME or of the PATH.
 *
 * @param {string[]} options of the JVM
 * @returns {{file: string, arguments: string[]}}
 * @throws {Error} that says what to install, where no suitable Java is found
 */
export function command(options = []) {
  const runtime = bundled();
  const own = ['-Xlog:disable', '-Xlog:all=error:stderr', '-XX:+ExitOnOutOfMemoryError'];
  if (runtime) {
    return {
      file: join(runtime, 'runtime', 'bin', executable),
      arguments: [...aotCache(join(runtime, 'phone-mock.aot')), ...own, ...options, '-jar', jar],
    };
  }
  return { file: installed(), arguments: [...own, ...options, '-jar', jar] };
}

/** The folder of the package for this platform; undefined where it is not installed. */
function bundled() {
  try {
    return dirname(createRequire(import.meta.url).resolve(`@phone-mock/${process.platform}-${process.arch}/package.json`));
  } catch {
    return undefined;
  }
}

/** The JVM takes a cache only for the very jar that it was made of, which it knows by its time; npm gives all files that of the installation. */
function aotCache(file) {
  try {
    const time = new Date(createRequire(import.meta.url)('../package.json').jarTime);
    if (statSync(jar).mtimeMs !== time.getTime()) {
      utimesSync(jar, time, time);
    }
    return existsSync(file) ? [`-XX:AOTCache=${file}`] : [];
  } catch {
    return []; // Somebody else's files: it starts without, only later.
  }
}

function installed() {
  const found = [];
  for (const file of [process.env.JAVA_HOME && join(process.env.JAVA_HOME, 'bin', executable), executable].filter(Boolean)) {
    const version = versionOf(file);
    if (version >= MINIMUM) {
      return file;
    }
    if (version) {
      found.push(`${file} is Java ${version}`);
    }
  }
  throw new Error(`needs Java ${MINIMUM} or later, and ${found.join(', ') || 'there is none in JAVA_HOME or on the PATH'}. `
    + 'Install one, such as Eclipse Temurin (https://adoptium.net), or set JAVA_HOME.');
}

/** The feature version of a Java; 0 when there is none. */
function versionOf(file) {
  const { error, stderr } = spawnSync(file, ['-version'], { encoding: 'utf8' });
  return error ? 0 : Number(/version "(\d+)/.exec(stderr)?.[1] ?? 0);
}
