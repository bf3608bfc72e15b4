// SPDX-License-Identifier: Apache-2.0
import createClient from 'openapi-fetch';
import type { paths } from './schema';

/** What a shop's backend does to sign a customer in. */
export class SignIn {
  readonly #phone;

  constructor(baseUrl: string, credentials: Record<string, string>) {
    this.#phone = createClient<paths>({ baseUrl, headers: credentials });
  }

  /** @returns the ID under which the code is to be checked */
  async start(phoneNumber: string): Promise<string> {
    const { data, error } = await this.#phone.POST('/v1/otp/send', { body: { phoneNumber } });
    if (!data) {
      throw new Error(error.error.message);
    }
    return data.data.id;
  }

  /** @returns what the customer is told */
  async enter(otpRequestId: string, code: string): Promise<string> {
    const { data, error } = await this.#phone.POST('/v1/otp/verify', { body: { otpRequestId, code } });
    if (data) {
      return 'Welcome!';
    }
    return 'details' in error.error && error.error.details?.reason === 'expired' ? 'Your code is too old.' : 'That is not the code.';
  }
}
