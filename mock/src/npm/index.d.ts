// SPDX-License-Identifier: Apache-2.0

export interface PhoneMockOptions {
  /** Where to listen; by default any free port. */
  port?: number;
  /** The address to listen on; by default 127.0.0.1. */
  host?: string;
  /** Makes IDs, secrets and codes the same on every start. */
  seed?: number;
  /** A contract to serve instead of the one in the package: JSON or YAML. */
  contract?: string;
  /** A folder with WireMock stubs, which win over the contract. */
  stubs?: string;
  /** How long every answer waits, in milliseconds. */
  delay?: number;
  /** Answers with the contract's examples, and remembers nothing. */
  stateless?: boolean;
  /** How many requests WireMock's journal holds, by default 1,000; 0 for no journal. */
  journal?: number;
  /** `false` lifts the rate limits. */
  limits?: boolean;
  /** Options for the JVM, such as `-Xmx256m`. */
  javaOptions?: string[];
  /** How long to wait until it is ready, in milliseconds; by default 30,000. */
  timeout?: number;
}

/** A message in the inbox of a virtual number, as the schema Message of the contract describes it. */
export interface Message {
  readonly code: string;
  readonly [member: string]: string;
}

export interface PhoneMock {
  /** Where it listens, such as `http://localhost:40123`. */
  readonly url: string;
  readonly port: number;
  /** The headers with which someone of the demo world calls: `alice`, `bob`, `app` and others. */
  readonly credentials: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Back to the demo world: in every session, or in the given one. */
  reset(session?: string): Promise<void>;
  readonly clock: {
    now(): Promise<Date>;
    /** Goes on by seconds, or by an ISO 8601 duration such as `PT5M`. What falls due by it has happened, or is on its way, when the promise is fulfilled. */
    advance(by: number | string): Promise<Date>;
    /** Stops the clock: where it is, or at an instant. */
    freeze(at?: Date | true): Promise<Date>;
    /** Back to the real time. */
    reset(): Promise<Date>;
  };
  /** The messages to a virtual number, newest first, whoever owns it. */
  inbox(phoneNumber: string, session?: string): Promise<Message[]>;
  /** All that the mock holds, secrets and codes too. */
  state(session?: string): Promise<{ now: string; resources: Record<string, { owner: string; value: Record<string, unknown> }[]> }>;
  /** Ends the mock. */
  stop(): Promise<void>;
}

/**
 * Starts a mock in a process of its own, and waits until it answers.
 *
 * @throws if there is no Java to run it with, or an option makes no sense; the message says what to do
 */
export function startPhoneMock(options?: PhoneMockOptions): Promise<PhoneMock>;
