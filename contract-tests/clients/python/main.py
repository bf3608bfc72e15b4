# SPDX-License-Identifier: Apache-2.0
"""One honest client, made of the contract by openapi-generator for Python."""
import base64
import hashlib
import hmac
import json
import random
import sys
import time

from openapi_client import (
    ApiClient, ApiException, ApplicationsApi, ApplicationStatus, ClaimNumberRequest, Configuration, CreateApplicationRequest, CreateProjectRequest,
    CreateWebhookRequest, CredentialKind, Environment, ErrorEnvelope, NumbersApi, OtpEvent, OTPApi, OtpRequestStatus, ProjectsApi,
    RotateCredentialRequest, SandboxApi, SendOtpRequest, SubscribableEvent, UpdateApplicationRequest, VerifyOtpRequest, WebhooksApi,
)

URL = sys.argv[1]


def client(**credentials):
    return ApiClient(Configuration(host=URL, **credentials))


def refused(status, call):
    """The body of an error; an answer that is none is an error here."""
    try:
        answer = call()
    except ApiException as e:
        assert e.status == status, e
        return ErrorEnvelope.from_json(e.body).error
    raise AssertionError(f'not refused: {answer}')


def is_genuine(secret, headers, body):
    """What the library standardwebhooks does, but for the age of the event."""
    signed = f'{headers["webhook-id"]}.{headers["webhook-timestamp"]}.{body}'
    digest = hmac.digest(base64.b64decode(secret.removeprefix('whsec_')), signed.encode(), hashlib.sha256)
    expected = 'v1,' + base64.b64encode(digest).decode()
    return any(hmac.compare_digest(expected, signature) for signature in headers['webhook-signature'].split(' '))


# A project, an application, a number
user = client(access_token='dev_carol')
projects = ProjectsApi(user)
applications = ApplicationsApi(user)
numbers = NumbersApi(user)
sandbox = SandboxApi(client())
project = projects.create_project(CreateProjectRequest(name='Generated')).data
application = applications.create_application(project.id, CreateApplicationRequest(name='Client', environment=Environment.TEST)).data
credentials = {
    'clientId': application.credentials.client_id,
    'clientSecret': application.credentials.client_secret,
    'apiKey': application.credentials.api_key,
}
otp = OTPApi(client(api_key=credentials))
phone_number = numbers.claim_number(ClaimNumberRequest(phoneNumber=f'+999{random.randrange(100_000_000, 1_000_000_000)}')).data.phone_number

# A webhook that is an echo bin
bin_ = sandbox.create_bin().data
webhook = WebhooksApi(user).create_webhook(
    application.id, CreateWebhookRequest(url=bin_.url, events=[SubscribableEvent.OTP_DOT_SENT, SubscribableEvent.OTP_DOT_VERIFIED])).data

# An OTP: sent, read, entered wrongly, then rightly
sent = otp.send_otp(SendOtpRequest(phoneNumber=phone_number, metadata={'order': '1'})).data
assert sent.status == OtpRequestStatus.PENDING
code = numbers.list_messages(phone_number).data[0].code
other = '000001' if code == '000000' else '000000'
wrong = refused(422, lambda: otp.verify_otp(VerifyOtpRequest(otpRequestId=sent.id, code=other)))
assert (wrong.details.reason, wrong.details.attempts_remaining) == ('invalid_code', 4), wrong
verified = otp.verify_otp(VerifyOtpRequest(otpRequestId=sent.id, code=code)).data
assert verified.status == OtpRequestStatus.VERIFIED and verified.verified_at

# A rotation with an overlap: both secrets work
rotated = applications.rotate_credential(
    application.id, RotateCredentialRequest(credential=CredentialKind.CLIENTSECRET, overlapSeconds=60)).data.credentials.client_secret
for secret in (application.credentials.client_secret, rotated):
    otp = OTPApi(client(api_key={**credentials, 'clientSecret': secret}))
    assert otp.get_otp(sent.id).data.id == sent.id

# The events, and their signatures
deadline = time.monotonic() + 10
while len(events := sandbox.get_bin(bin_.id).data.events) < 2:
    assert time.monotonic() < deadline, 'the events arrive within ten seconds'
    time.sleep(0.1)
for event in events:
    body = json.dumps(event.body, separators=(',', ':'), ensure_ascii=False)
    assert is_genuine(webhook.secret, event.headers, body)
    assert not is_genuine(webhook.secret, event.headers, body + ' ')
    assert OtpEvent.from_json(body).data.otp_request.id == sent.id

# A list, page by page
for i in range(3):
    projects.create_project(CreateProjectRequest(name=f'Page {i}'))
found = []
cursor = 'first'
while cursor:
    page = projects.list_projects(limit=2, cursor=cursor)
    found += [each.id for each in page.data]
    cursor = page.meta.next_cursor
assert project.id in found and len(set(found)) == len(found), found

# Every class of error; each status has its own code. The client itself refuses an invalid request, unless it is told not to look
nobody = ProjectsApi(client(access_token='nobody'))
assert [
    refused(401, nobody.list_projects).code,
    refused(404, lambda: projects.get_project('prj_01kepxpxw0b6vgfeb3c2k3psat')).code,
    refused(409, lambda: projects.delete_project(project.id)).code,
    refused(422, lambda: projects.create_project(CreateProjectRequest.model_construct(name=''))).code,
    refused(429, lambda: otp.send_otp(SendOtpRequest(phoneNumber='+999 000 000 429'))).code,
    refused(500, lambda: otp.send_otp(SendOtpRequest(phoneNumber='+999 000 000 500'))).code,
    refused(501, otp.call_otp).code,
] == ['UNAUTHENTICATED', 'NOT_FOUND', 'CONFLICT', 'VALIDATION_ERROR', 'RATE_LIMITED', 'INTERNAL_ERROR', 'NOT_IMPLEMENTED']
applications.update_application(application.id, UpdateApplicationRequest(status=ApplicationStatus.SUSPENDED))
assert refused(403, lambda: otp.send_otp(SendOtpRequest(phoneNumber=phone_number))).code == 'FORBIDDEN'
print('python: all steps')
