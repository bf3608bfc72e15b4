// SPDX-License-Identifier: Apache-2.0
// One honest client, made of the contract by openapi-generator's typescript-fetch: a class for each tag, and an exception for each error.
import assert from 'node:assert/strict'
import { Webhook } from 'standardwebhooks'
import {
  ApplicationStatus, ApplicationsApi, Configuration, CredentialKind, Environment, type ErrorBody, ErrorEnvelopeFromJSON, NumbersApi, OTPApi, OtpEventFromJSON,
  OtpRequestStatus, ProjectsApi, ResponseError, SandboxApi, SubscribableEvent, VerificationErrorEnvelopeFromJSON, WebhooksApi,
} from './generated/index.js'

const basePath = process.argv[2]
assert(basePath, 'usage: main.js URL')
const user = new Configuration({ basePath, accessToken: 'dev_carol' })
const credentials: Record<string, string> = {}
const projects = new ProjectsApi(user)
const applications = new ApplicationsApi(user)
const numbers = new NumbersApi(user)
const otp = new OTPApi(new Configuration({ basePath, apiKey: (name) => credentials[name.toLowerCase()] ?? '' }))
const sandbox = new SandboxApi(new Configuration({ basePath }))

/** The JSON of an error; an answer that is none is an error here. */
async function refused(status: number, answer: Promise<unknown>): Promise<unknown> {
  const error: unknown = await answer.then(() => assert.fail('not refused'), (e) => e)
  assert(error instanceof ResponseError, String(error))
  assert.equal(error.response.status, status)
  return error.response.json()
}

async function code(status: number, answer: Promise<unknown>): Promise<ErrorBody['code']> {
  return ErrorEnvelopeFromJSON(await refused(status, answer)).error.code
}

// A project, an application, a number
const { data: project } = await projects.createProject({ createProjectRequest: { name: 'Generated' } })
const { data: application } = await applications.createApplication(
  { projectId: project.id, createApplicationRequest: { name: 'Client', environment: Environment.Test } })
const { clientId, clientSecret, apiKey } = application.credentials
Object.assign(credentials, { 'x-client-id': clientId, 'x-client-secret': clientSecret, 'x-api-key': apiKey })
const suffix = String(Math.floor(Math.random() * 1e9)).padStart(9, '0').replace(/^000/, '100')
const { data: { phoneNumber } } = await numbers.claimNumber({ claimNumberRequest: { phoneNumber: `+999${suffix}` } })

// A webhook that is an echo bin
const { data: bin } = await sandbox.createBin()
const { data: webhook } = await new WebhooksApi(user).createWebhook(
  { applicationId: application.id, createWebhookRequest: { url: bin.url, events: new Set([SubscribableEvent.OtpSent, SubscribableEvent.OtpVerified]) } })

// An OTP: sent, read, entered wrongly, then rightly
const { data: sent } = await otp.sendOtp({ sendOtpRequest: { phoneNumber, metadata: { order: '1' } } })
assert.equal(sent.status, OtpRequestStatus.Pending)
const right = (await numbers.listMessages({ phoneNumber })).data[0]?.code
assert(right)
const wrong = await refused(422, otp.verifyOtp({ verifyOtpRequest: { otpRequestId: sent.id, code: right === '000000' ? '000001' : '000000' } }))
const { details } = VerificationErrorEnvelopeFromJSON(wrong).error
assert.equal(details?.reason, 'invalid_code')
assert.equal(details?.attemptsRemaining, 4)
const { data: verified } = await otp.verifyOtp({ verifyOtpRequest: { otpRequestId: sent.id, code: right } })
const verifiedAt: Date | null = verified.verifiedAt
assert(verified.status === OtpRequestStatus.Verified && verifiedAt)

// A rotation with an overlap: both secrets work
const { data: rotated } = await applications.rotateCredential(
  { applicationId: application.id, rotateCredentialRequest: { credential: CredentialKind.ClientSecret, overlapSeconds: 60 } })
assert(rotated.credentials.clientSecret)
for (const secret of [clientSecret, rotated.credentials.clientSecret]) {
  credentials['x-client-secret'] = secret
  assert.equal((await otp.getOtp({ otpRequestId: sent.id })).data.id, sent.id)
}

// The events, and their signatures
const arrived = async () => (await sandbox.getBin({ binId: bin.id })).data.events
for (let i = 0; (await arrived()).length < 2; i++) {
  assert(i < 100, 'the events arrive within ten seconds')
  await new Promise((resolve) => setTimeout(resolve, 100))
}
for (const each of await arrived()) {
  const body = JSON.stringify(each.body)
  const event = OtpEventFromJSON(new Webhook(webhook.secret).verify(body, each.headers))
  assert.equal(event.data.otpRequest.id, sent.id)
  assert.throws(() => new Webhook(webhook.secret).verify(body + ' ', each.headers))
}

// A list, page by page
const found: string[] = []
for (let i = 0; i < 3; i++) await projects.createProject({ createProjectRequest: { name: `Page ${i}` } })
for (let cursor: string | null = 'first'; cursor !== null;) {
  const { data, meta }: Awaited<ReturnType<typeof projects.listProjects>> = await projects.listProjects({ limit: 2, cursor })
  found.push(...data.map((each) => each.id))
  cursor = meta.nextCursor
}
assert(found.includes(project.id) && new Set(found).size === found.length)

// Every class of error; each status has its own code
assert.deepEqual([
  await code(401, new ProjectsApi(new Configuration({ basePath, accessToken: 'nobody' })).listProjects()),
  await code(404, projects.getProject({ projectId: 'prj_01kepxpxw0b6vgfeb3c2k3psat' })),
  await code(409, projects.deleteProject({ projectId: project.id })),
  await code(422, projects.createProject({ createProjectRequest: { name: '' } })),
  await code(429, otp.sendOtp({ sendOtpRequest: { phoneNumber: '+999 000 000 429' } })),
  await code(500, otp.sendOtp({ sendOtpRequest: { phoneNumber: '+999 000 000 500' } })),
  await code(501, otp.callOtp()),
], ['UNAUTHENTICATED', 'NOT_FOUND', 'CONFLICT', 'VALIDATION_ERROR', 'RATE_LIMITED', 'INTERNAL_ERROR', 'NOT_IMPLEMENTED'])
await applications.updateApplication({ applicationId: application.id, updateApplicationRequest: { status: ApplicationStatus.Suspended } })
assert.equal(await code(403, otp.sendOtp({ sendOtpRequest: { phoneNumber } })), 'FORBIDDEN')
console.log('typescript-fetch: all steps')
