// SPDX-License-Identifier: Apache-2.0
// One honest client: its types are made of the contract by openapi-typescript, its requests by openapi-fetch.
import assert from 'node:assert/strict'
import createClient from 'openapi-fetch'
import { Webhook } from 'standardwebhooks'
import type { components, paths } from './schema.js'

type Event = components['schemas']['OtpEvent'] | components['schemas']['TestEvent']

const baseUrl = process.argv[2]
assert(baseUrl, 'usage: main.js URL')
const phone = createClient<paths>({ baseUrl })
const console_ = { authorization: 'Bearer dev_carol' }

/** The OTP request that an event is about. A test event has none, and an event of a type that this client does not know need not have one. */
const otpRequestOf = (event: Event) => event.type === 'webhook.test' ? undefined : event.data.otpRequest

/** The data of a success; an error is thrown with its message. */
async function ok<T>(answer: Promise<{ data?: { data: T }, error?: unknown }>): Promise<T> {
  const { data, error } = await answer
  if (!data) throw new Error(JSON.stringify(error))
  return data.data
}

// A project, an application, a number
const project = await ok(phone.POST('/v1/projects', { headers: console_, body: { name: 'Generated' } }))
const application = await ok(phone.POST('/v1/projects/{projectId}/applications',
  { headers: console_, params: { path: { projectId: project.id } }, body: { name: 'Client', environment: 'test' } }))
const { clientId, clientSecret, apiKey } = application.credentials
let credentials = { 'x-client-id': clientId, 'x-client-secret': clientSecret, 'x-api-key': apiKey }
const suffix = String(Math.floor(Math.random() * 1e9)).padStart(9, '0').replace(/^000/, '100')
const phoneNumber = `+999${suffix}`
const claimed = await ok(phone.POST('/v1/numbers', { headers: console_, body: { phoneNumber } }))

// A webhook that is an echo bin
const bin = await ok(phone.POST('/v1/sandbox/bins'))
const webhook = await ok(phone.POST('/v1/applications/{applicationId}/webhooks', {
  headers: console_, params: { path: { applicationId: application.id } }, body: { url: bin.url, events: ['otp.sent', 'otp.verified'] },
}))

// An OTP: sent, read, entered wrongly, then rightly
const sent = await ok(phone.POST('/v1/otp/send', { headers: credentials, body: { phoneNumber: claimed.phoneNumber, metadata: { order: '1' } } }))
assert.equal(sent.status, 'pending')
const inbox = await ok(phone.GET('/v1/numbers/{phoneNumber}/messages', { headers: console_, params: { path: { phoneNumber: claimed.phoneNumber } } }))
const code = inbox[0]?.code
assert(code)
const wrong = await phone.POST('/v1/otp/verify', { headers: credentials, body: { otpRequestId: sent.id, code: code === '000000' ? '000001' : '000000' } })
assert.equal(wrong.response.status, 422)
assert(wrong.error && 'details' in wrong.error.error)
assert.equal(wrong.error.error.details?.reason, 'invalid_code')
assert.equal(wrong.error.error.details?.attemptsRemaining, 4)
const verified = await ok(phone.POST('/v1/otp/verify', { headers: credentials, body: { otpRequestId: sent.id, code } }))
assert.equal(verified.status, 'verified')
const verifiedAt: string | null = verified.verifiedAt
assert(verifiedAt)

// A rotation with an overlap: both secrets work. One without: only the new one does
const rotate = async (overlapSeconds: number): Promise<string> => {
  const rotated = await ok(phone.POST('/v1/applications/{applicationId}/rotate',
    { headers: console_, params: { path: { applicationId: application.id } }, body: { credential: 'clientSecret', overlapSeconds } }))
  assert(rotated.credentials.clientSecret)
  return rotated.credentials.clientSecret
}
const statusWith = async (secret: string) => (await phone.GET('/v1/otp/{otpRequestId}',
  { headers: { ...credentials, 'x-client-secret': secret }, params: { path: { otpRequestId: sent.id } } })).response.status
const second = await rotate(60)
assert.deepEqual([await statusWith(clientSecret), await statusWith(second)], [200, 200])
const third = await rotate(0)
assert.deepEqual([await statusWith(clientSecret), await statusWith(second), await statusWith(third)], [401, 401, 200])
credentials = { ...credentials, 'x-client-secret': third }

// The events, and their signatures
const arrived = async () => (await ok(phone.GET('/v1/sandbox/bins/{binId}', { params: { path: { binId: bin.id } } }))).events
for (let i = 0; (await arrived()).length < 2; i++) {
  assert(i < 100, 'the events arrive within ten seconds')
  await new Promise((resolve) => setTimeout(resolve, 100))
}
for (const each of await arrived()) {
  const body = JSON.stringify(each.body)
  const event = new Webhook(webhook.secret).verify(body, each.headers) as Event
  assert.equal(otpRequestOf(event)?.id, sent.id)
  assert.throws(() => new Webhook(webhook.secret).verify(body + ' ', each.headers))
}

// Responses may grow: an unknown property, value or type of event does not stop the client
const grown = createClient<paths>({ baseUrl, fetch: async () => Response.json({ data: { ...sent, status: 'held', channel: 'sms' }, links: {} }) })
const held = await ok(grown.GET('/v1/otp/{otpRequestId}', { headers: credentials, params: { path: { otpRequestId: sent.id } } }))
assert.equal(held.id, sent.id)
assert.equal<string>(held.status, 'held')
assert.equal(otpRequestOf(JSON.parse(`{"id": "evt_01kf0ft54g8q67jbscedpvn1ks", "type": "otp.held", "createdAt": "${sent.createdAt}", "data": {"hold": 1}}`)), undefined)

// A list, page by page
const found: string[] = []
for (let i = 0; i < 3; i++) await ok(phone.POST('/v1/projects', { headers: console_, body: { name: `Page ${i}` } }))
for (let cursor: string | null | undefined; cursor !== null;) {
  const page = await phone.GET('/v1/projects', { headers: console_, params: { query: { limit: 2, ...(cursor ? { cursor } : {}) } } })
  assert(page.data)
  found.push(...page.data.data.map((each) => each.id))
  cursor = page.data.meta.nextCursor
}
assert(found.includes(project.id) && new Set(found).size === found.length)

// Every class of error; each status has its own code
const errors = [
  await phone.GET('/v1/projects', { headers: { authorization: 'Bearer nobody' } }),
  await phone.GET('/v1/projects/{projectId}', { headers: console_, params: { path: { projectId: 'prj_01kepxpxw0b6vgfeb3c2k3psat' } } }),
  await phone.DELETE('/v1/projects/{projectId}', { headers: console_, params: { path: { projectId: project.id } } }),
  await phone.POST('/v1/projects', { headers: console_, body: { name: '' } }),
  await phone.POST('/v1/otp/send', { headers: credentials, body: { phoneNumber: '+999 000 000 429' } }),
  await phone.POST('/v1/otp/send', { headers: credentials, body: { phoneNumber: '+999 000 000 500' } }),
  await phone.POST('/v1/otp/call', { headers: credentials }),
]
assert.deepEqual(errors.map(({ response, error }) => `${response.status} ${error?.error.code}`), ['401 UNAUTHENTICATED', '404 NOT_FOUND', '409 CONFLICT',
  '422 VALIDATION_ERROR', '429 RATE_LIMITED', '500 INTERNAL_ERROR', '501 NOT_IMPLEMENTED'])
await ok(phone.PATCH('/v1/applications/{applicationId}', { headers: console_, params: { path: { applicationId: application.id } }, body: { status: 'suspended' } }))
const suspended = await phone.POST('/v1/otp/send', { headers: credentials, body: { phoneNumber: claimed.phoneNumber } })
assert.equal(suspended.error?.error.code, 'FORBIDDEN')
console.log('typescript: all steps')
