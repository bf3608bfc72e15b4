// SPDX-License-Identifier: Apache-2.0
// One honest client, made of the contract by @hey-api/openapi-ts: a function for each operation, and one `auth` that gives each its credentials.
import assert from 'node:assert/strict'
import { Webhook } from 'standardwebhooks'
import { createClient, createConfig } from './generated/client/index.js'
import {
  callOtp, claimNumber, createApplication, createBin, createProject, createWebhook, deleteProject, getBin, getOtp, getProject, listMessages, listProjects,
  rotateCredential, sendOtp, updateApplication, verifyOtp,
} from './generated/sdk.gen.js'
import type { OtpEvent, TestEvent } from './generated/types.gen.js'

const baseUrl = process.argv[2]
assert(baseUrl, 'usage: main.js URL')
let credentials: Record<string, string> = {}
const client = createClient(createConfig({ baseUrl, auth: ({ name }) => name ? credentials[name] : 'dev_carol' }))

/** The data of a success; an error is thrown with its message. */
async function ok<T>(answer: Promise<{ data?: { data: T } | undefined, error?: unknown }>): Promise<T> {
  const { data, error } = await answer
  if (!data) throw new Error(JSON.stringify(error))
  return data.data
}

// A project, an application, a number
const project = await ok(createProject({ client, body: { name: 'Generated' } }))
const application = await ok(createApplication({ client, path: { projectId: project.id }, body: { name: 'Client', environment: 'test' } }))
const { clientId, clientSecret, apiKey } = application.credentials
credentials = { 'x-client-id': clientId, 'x-client-secret': clientSecret, 'x-api-key': apiKey }
const suffix = String(Math.floor(Math.random() * 1e9)).padStart(9, '0').replace(/^000/, '100')
const { phoneNumber } = await ok(claimNumber({ client, body: { phoneNumber: `+999${suffix}` } }))

// A webhook that is an echo bin
const bin = await ok(createBin({ client }))
const webhook = await ok(createWebhook({ client, path: { applicationId: application.id }, body: { url: bin.url, events: ['otp.sent', 'otp.verified'] } }))

// An OTP: sent, read, entered wrongly, then rightly
const sent = await ok(sendOtp({ client, body: { phoneNumber, metadata: { order: '1' } } }))
assert.equal(sent.status, 'pending')
const code = (await ok(listMessages({ client, path: { phoneNumber } })))[0]?.code
assert(code)
const wrong = await verifyOtp({ client, body: { otpRequestId: sent.id, code: code === '000000' ? '000001' : '000000' } })
assert.equal(wrong.response?.status, 422)
assert(wrong.error && 'details' in wrong.error.error)
assert.equal(wrong.error.error.details?.reason, 'invalid_code')
assert.equal(wrong.error.error.details?.attemptsRemaining, 4)
const verified = await ok(verifyOtp({ client, body: { otpRequestId: sent.id, code } }))
const verifiedAt: string | null = verified.verifiedAt
assert(verified.status === 'verified' && verifiedAt)

// A rotation with an overlap: both secrets work
const rotated = await ok(rotateCredential({ client, path: { applicationId: application.id }, body: { credential: 'clientSecret', overlapSeconds: 60 } }))
assert(rotated.credentials.clientSecret)
for (const secret of [clientSecret, rotated.credentials.clientSecret]) {
  credentials['x-client-secret'] = secret
  assert.equal((await ok(getOtp({ client, path: { otpRequestId: sent.id } }))).id, sent.id)
}

// The events, and their signatures
const arrived = async () => (await ok(getBin({ client, path: { binId: bin.id } }))).events
for (let i = 0; (await arrived()).length < 2; i++) {
  assert(i < 100, 'the events arrive within ten seconds')
  await new Promise((resolve) => setTimeout(resolve, 100))
}
for (const each of await arrived()) {
  const body = JSON.stringify(each.body)
  const event = new Webhook(webhook.secret).verify(body, each.headers) as OtpEvent | TestEvent
  // Narrowed by its type: a test event has no OTP request.
  assert(event.type !== 'webhook.test' && event.data.otpRequest.id === sent.id)
  assert.throws(() => new Webhook(webhook.secret).verify(body + ' ', each.headers))
}

// A list, page by page
const found: string[] = []
for (let i = 0; i < 3; i++) await ok(createProject({ client, body: { name: `Page ${i}` } }))
for (let cursor: string | null = 'first'; cursor !== null;) {
  const page: Awaited<ReturnType<typeof listProjects>> = await listProjects({ client, query: { limit: 2, cursor } })
  assert(page.data)
  found.push(...page.data.data.map((each) => each.id))
  cursor = page.data.meta.nextCursor
}
assert(found.includes(project.id) && new Set(found).size === found.length)

// Every class of error; each status has its own code
const errors = [
  await listProjects({ client, auth: 'nobody' }),
  await getProject({ client, path: { projectId: 'prj_01kepxpxw0b6vgfeb3c2k3psat' } }),
  await deleteProject({ client, path: { projectId: project.id } }),
  await createProject({ client, body: { name: '' } }),
  await sendOtp({ client, body: { phoneNumber: '+999 000 000 429' } }),
  await sendOtp({ client, body: { phoneNumber: '+999 000 000 500' } }),
  await callOtp({ client }),
]
assert.deepEqual(errors.map(({ response, error }) => `${response?.status} ${error?.error.code}`), ['401 UNAUTHENTICATED', '404 NOT_FOUND', '409 CONFLICT',
  '422 VALIDATION_ERROR', '429 RATE_LIMITED', '500 INTERNAL_ERROR', '501 NOT_IMPLEMENTED'])
await ok(updateApplication({ client, path: { applicationId: application.id }, body: { status: 'suspended' } }))
assert.equal((await sendOtp({ client, body: { phoneNumber } })).error?.error.code, 'FORBIDDEN')
console.log('hey-api: all steps')
