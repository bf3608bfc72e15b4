// SPDX-License-Identifier: Apache-2.0
// Writes the pact beside it with pact-js, as a consumer in JavaScript would. Run by hand, in a scratch folder:
//   npm install @pact-foundation/pact@16 && cp …/write.mjs . && node write.mjs
import { MatchersV3, Pact, SpecificationVersion } from '@pact-foundation/pact';

const { eachLike, like, regex, integer, string, datetime, fromProviderState, constrainedArrayLike } = MatchersV3;

const pact = new Pact({ consumer: 'pact-js-shop', provider: 'phone', dir: '.', spec: SpecificationVersion.SPECIFICATION_VERSION_V4, logLevel: 'error' });
const id = (prefix, example) => regex(`^${prefix}_[0-9a-hjkmnp-tv-z]{26}$`, example);
const instant = '2026-01-15T09:30:00.000Z';
const time = datetime("yyyy-MM-dd'T'HH:mm:ss.SSSX", instant);

const otp = (status) => ({
  data: {
    id: id('otp', 'otp_01kf0ft54g2dgvjx7yyvtq3k51'),
    phoneNumber: fromProviderState('${phoneNumber}', '+999 482 918 102'),
    status,
    attemptsRemaining: integer(5),
    createdAt: time,
    expiresAt: time,
  },
});
const triple = {
  'x-client-id': fromProviderState('${clientId}', 'ph_test_client_4ed69dbafe4f032d4b132ae2e2b0b4830e05c48d92997661'),
  'x-client-secret': fromProviderState('${clientSecret}', 'ph_test_secret_c5378b0bc656a54fa140ec9bb07456f003884033c09908b0'),
  'x-api-key': fromProviderState('${apiKey}', 'ph_test_api_44827a6cff385ba61cabbc15b4219c5a8c532f69c6853777'),
};
const fetchIt = (path, init) => async (server) => {
  const response = await fetch(server.url + path, init);
  await response.text();
};
const reified = Object.fromEntries(Object.entries(triple).map(([name, matcher]) => [name, matcher.value]));

await pact.addInteraction()
  .given('a pending OTP', { phoneNumber: '+999 482 918 102' })
  .uponReceiving('the right code')
  .withRequest('POST', '/v1/otp/verify', (builder) => builder.headers({ ...triple, 'content-type': 'application/json' })
    .jsonBody({
      otpRequestId: fromProviderState('${otpRequestId}', 'otp_01kf0ft54g2dgvjx7yyvtq3k51'),
      code: fromProviderState('${code}', '482913'),
    }))
  .willRespondWith(200, (builder) => builder.headers({ 'content-type': 'application/json', 'x-request-id': like('req_01kf0ft54g2jr1kw7b3trjhc6a') })
    .jsonBody(otp('verified')))
  .executeTest(fetchIt('/v1/otp/verify', { method: 'POST', headers: { ...reified, 'content-type': 'application/json' },
    body: JSON.stringify({ otpRequestId: 'otp_01kf0ft54g2dgvjx7yyvtq3k51', code: '482913' }) }));

await pact.addInteraction()
  .given('a pending OTP', { phoneNumber: '+999 482 918 102' })
  .uponReceiving('a look at an OTP request')
  .withRequest('GET', fromProviderState('/v1/otp/${otpRequestId}', '/v1/otp/otp_01kf0ft54g2dgvjx7yyvtq3k51'), (builder) => builder.headers(triple))
  .willRespondWith(200, (builder) => builder.headers({ 'content-type': 'application/json' }).jsonBody(otp('pending')))
  .executeTest(fetchIt('/v1/otp/otp_01kf0ft54g2dgvjx7yyvtq3k51', { headers: reified }));

await pact.addInteraction()
  .given('the demo world')
  .uponReceiving('a list of projects, one at a time')
  .withRequest('GET', '/v1/projects', (builder) => builder.headers({ authorization: 'Bearer dev_alice' }).query({ limit: '1' }))
  .willRespondWith(200, (builder) => builder.headers({ 'content-type': regex('^application/json.*$', 'application/json') })
    .jsonBody({
      data: constrainedArrayLike({ id: id('prj', 'prj_01kertbv80wez6vkwkjgm64s4r'), name: string('Checkout'), createdAt: time, updatedAt: time }, 1, 1),
      meta: { nextCursor: string('eyJ2IjoxfQ') },
    }))
  .executeTest(fetchIt('/v1/projects?limit=1', { headers: { authorization: 'Bearer dev_alice' } }));

await pact.addInteraction()
  .uponReceiving('a project without a name')
  .withRequest('POST', '/v1/projects', (builder) => builder.headers({ authorization: 'Bearer dev_alice', 'content-type': 'application/json' }).jsonBody({}))
  .willRespondWith(422, (builder) => builder.jsonBody({
    error: { message: string('Validation failed'), code: 'VALIDATION_ERROR', details: { violations: eachLike({ path: string('/name'), rule: string('required'), message: string('is required') }) } },
  }))
  .executeTest(fetchIt('/v1/projects', { method: 'POST', headers: { authorization: 'Bearer dev_alice', 'content-type': 'application/json' }, body: '{}' }));

await pact.addAsynchronousInteraction()
  .given('a webhook')
  .expectsToReceive('an otp.sent event', (builder) => builder
    .withJSONContent({ id: id('evt', 'evt_01kf0ft54g8q67jbscedpvn1ks'), type: 'otp.sent', createdAt: time, data: { otpRequest: like({ id: id('otp', 'otp_01kf0ft54g2dgvjx7yyvtq3k51'), status: 'pending' }) } })
    .withMetadata({ 'webhook-id': regex('^evt_[0-9a-hjkmnp-tv-z]{26}$', 'evt_01kf0ft54g8q67jbscedpvn1ks') }))
  .executeTest(async () => {});
