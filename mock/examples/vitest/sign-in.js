// SPDX-License-Identifier: Apache-2.0

/** What a shop's backend does to sign a customer in. */
export class SignIn {
  constructor(url, credentials) {
    this.url = url;
    this.headers = { ...credentials, 'content-type': 'application/json' };
  }

  async #ask(path, body) {
    const response = await fetch(this.url + path, { method: 'POST', headers: this.headers, body: JSON.stringify(body) });
    return { status: response.status, ...await response.json() };
  }

  /** @returns the ID under which the code is to be checked */
  async start(phoneNumber) {
    return (await this.#ask('/v1/otp/send', { phoneNumber })).data.id;
  }

  /** @returns what the customer is told */
  async enter(otpRequestId, code) {
    const { status, error } = await this.#ask('/v1/otp/verify', { otpRequestId, code });
    if (status === 200) {
      return 'Welcome!';
    }
    return error.details?.reason === 'expired' ? 'Your code is too old.' : 'That is not the code.';
  }
}
