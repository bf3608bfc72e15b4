// SPDX-License-Identifier: Apache-2.0
// One honest client, made of the contract by openapi-generator for Kotlin.
import com.fasterxml.jackson.databind.ObjectMapper
import com.standardwebhooks.Webhook
import com.standardwebhooks.exceptions.WebhookVerificationException
import kotlin.random.Random
import org.openapitools.client.apis.ApplicationsApi
import org.openapitools.client.apis.NumbersApi
import org.openapitools.client.apis.OTPApi
import org.openapitools.client.apis.ProjectsApi
import org.openapitools.client.apis.SandboxApi
import org.openapitools.client.apis.WebhooksApi
import org.openapitools.client.infrastructure.ApiClient
import org.openapitools.client.infrastructure.ClientError
import org.openapitools.client.infrastructure.ClientException
import org.openapitools.client.infrastructure.Serializer
import org.openapitools.client.infrastructure.ServerError
import org.openapitools.client.infrastructure.ServerException
import org.openapitools.client.models.*

/** The body of an error; an answer that is none is an error here. */
fun refused(status: Int, call: () -> Any): ErrorBody {
    val body = try {
        error("not refused: ${call()}")
    } catch (e: ClientException) {
        check(e.statusCode == status) { e }
        (e.response as ClientError<*>).body
    } catch (e: ServerException) {
        check(e.statusCode == status) { e }
        (e.response as ServerError<*>).body
    }
    return Serializer.jacksonObjectMapper.readValue(body as String, ErrorEnvelope::class.java).error
}

fun main(arguments: Array<String>) {
    val url = arguments[0]
    ApiClient.accessToken = "dev_carol"

    // A project, an application, a number
    val projects = ProjectsApi(url)
    val project = projects.createProject(CreateProjectRequest("Generated")).data
    val applications = ApplicationsApi(url)
    val application = applications.createApplication(project.id, CreateApplicationRequest("Client", Environment.test)).data
    ApiClient.apiKey["x-client-id"] = application.credentials.clientId
    ApiClient.apiKey["x-client-secret"] = application.credentials.clientSecret
    ApiClient.apiKey["x-api-key"] = application.credentials.apiKey
    val numbers = NumbersApi(url)
    val phoneNumber = numbers.claimNumber(ClaimNumberRequest("+999${Random.nextInt(100_000_000, 1_000_000_000)}")).data.phoneNumber

    // A webhook that is an echo bin
    val sandbox = SandboxApi(url)
    val bin = sandbox.createBin().data
    val events = setOf(SubscribableEvent.otpPeriodSent, SubscribableEvent.otpPeriodVerified)
    val webhook = WebhooksApi(url).createWebhook(application.id, CreateWebhookRequest(bin.url, events)).data

    // An OTP: sent, read, entered wrongly, then rightly
    val otp = OTPApi(url)
    val sent = otp.sendOtp(SendOtpRequest(phoneNumber, mapOf("order" to "1"))).data
    check(sent.status == OtpRequestStatus.pending) { sent }
    val code = numbers.listMessages(phoneNumber).data.first().code
    val wrong = refused(422) { otp.verifyOtp(VerifyOtpRequest(sent.id, if (code == "000000") "000001" else "000000")) }
    check(wrong.details?.reason?.value == "invalid_code" && wrong.details.attemptsRemaining == 4) { wrong }
    val verified = otp.verifyOtp(VerifyOtpRequest(sent.id, code)).data
    check(verified.status == OtpRequestStatus.verified && verified.verifiedAt != null) { verified }

    // A rotation with an overlap: both secrets work
    val rotated = applications.rotateCredential(application.id, RotateCredentialRequest(CredentialKind.clientSecret, 60)).data
    for (secret in listOf(application.credentials.clientSecret, rotated.credentials.clientSecret!!)) {
        ApiClient.apiKey["x-client-secret"] = secret
        check(otp.getOtp(sent.id).data.id == sent.id)
    }

    // The events, and their signatures
    var arrived = sandbox.getBin(bin.id).data.events
    repeat(100) {
        if (arrived.size < 2) {
            Thread.sleep(100)
            arrived = sandbox.getBin(bin.id).data.events
        }
    }
    check(arrived.size == 2) { "the events arrive within ten seconds" }
    val verifier = Webhook(webhook.secret)
    for (each in arrived) {
        val headers = each.headers.mapValues { listOf(it.value) }
        // The client's own mapper leaves out nulls, and what is signed has them.
        val body = ObjectMapper().writeValueAsString(each.body)
        verifier.verify(body, headers)
        check(Serializer.jacksonObjectMapper.readValue(body, OtpEvent::class.java).data.otpRequest.id == sent.id) { body }
        val other = runCatching { verifier.verify("$body ", headers) }
        check(other.exceptionOrNull() is WebhookVerificationException) { "a signature of something else" }
    }

    // A list, page by page
    repeat(3) { projects.createProject(CreateProjectRequest("Page $it")) }
    val pages = generateSequence(projects.listProjects(2)) { page -> page.meta.nextCursor?.let { projects.listProjects(2, it) } }
    val found = pages.flatMap { page -> page.data.map { it.id } }.toList()
    check(project.id in found && found.toSet().size == found.size) { found }

    // Every class of error; each status has its own code
    val nobody = ProjectsApi(url).apply { accessTokenProvider = { "nobody" } }
    val codes = listOf(
        refused(401) { nobody.listProjects() },
        refused(404) { projects.getProject("prj_01kepxpxw0b6vgfeb3c2k3psat") },
        refused(409) { projects.deleteProject(project.id) },
        refused(422) { projects.createProject(CreateProjectRequest("")) },
        refused(429) { otp.sendOtp(SendOtpRequest("+999 000 000 429")) },
        refused(500) { otp.sendOtp(SendOtpRequest("+999 000 000 500")) },
        refused(501) { otp.callOtp() },
    ).joinToString(" ") { it.code.value }
    check(codes == "UNAUTHENTICATED NOT_FOUND CONFLICT VALIDATION_ERROR RATE_LIMITED INTERNAL_ERROR NOT_IMPLEMENTED") { codes }
    applications.updateApplication(application.id, UpdateApplicationRequest(status = ApplicationStatus.suspended))
    check(refused(403) { otp.sendOtp(SendOtpRequest(phoneNumber)) }.code == ErrorCode.FORBIDDEN)
    println("kotlin: all steps")
}
