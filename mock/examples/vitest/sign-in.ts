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

  /** @returns what the customer is told. An error that is not about the code is thrown: the customer cannot help it. */
  async enter(otpRequestId: string, code: string): Promise<string> {
    const { data, error, response } = await this.#phone.POST('/v1/otp/verify', { body: { otpRequestId, code } });
    if (data) {
      return 'Welcome!';
    }
    const reason = response.status === 422 && 'details' in error.error ? error.error.details?.reason : undefined;
    switch (reason) {
      case undefined:
        throw new Error(`${response.status} ${error.error.message}`);
      case 'invalid_code':
        return 'That is not the code.';
      case 'expired':
        return 'Your code is too old.';
      default:
        return 'This code no longer works. Please ask for a new one.';
    }
  }
}
