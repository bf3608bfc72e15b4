// SPDX-License-Identifier: Apache-2.0
import com.fasterxml.jackson.databind.ObjectMapper;
import com.standardwebhooks.Webhook;
import com.standardwebhooks.exceptions.WebhookVerificationException;
import java.net.http.HttpHeaders;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.openapitools.client.ApiClient;
import org.openapitools.client.ApiException;
import org.openapitools.client.api.ApplicationsApi;
import org.openapitools.client.api.NumbersApi;
import org.openapitools.client.api.OtpApi;
import org.openapitools.client.api.ProjectsApi;
import org.openapitools.client.api.SandboxApi;
import org.openapitools.client.api.WebhooksApi;
import org.openapitools.client.model.Application;
import org.openapitools.client.model.ApplicationStatus;
import org.openapitools.client.model.ApplicationWithCredentials;
import org.openapitools.client.model.Bin;
import org.openapitools.client.model.BinEvent;
import org.openapitools.client.model.ClaimNumberRequest;
import org.openapitools.client.model.CreateApplicationRequest;
import org.openapitools.client.model.CreateProjectRequest;
import org.openapitools.client.model.CreateWebhookRequest;
import org.openapitools.client.model.CredentialKind;
import org.openapitools.client.model.Environment;
import org.openapitools.client.model.ErrorBody;
import org.openapitools.client.model.ErrorEnvelope;
import org.openapitools.client.model.OtpEvent;
import org.openapitools.client.model.OtpRequest;
import org.openapitools.client.model.OtpRequestStatus;
import org.openapitools.client.model.Project;
import org.openapitools.client.model.ProjectPage;
import org.openapitools.client.model.RotateCredentialRequest;
import org.openapitools.client.model.SendOtpRequest;
import org.openapitools.client.model.SubscribableEvent;
import org.openapitools.client.model.UpdateApplicationRequest;
import org.openapitools.client.model.VerifyOtpRequest;
import org.openapitools.client.model.WebhookWithSecret;

/** One honest client, made of the contract by openapi-generator for Java's own HttpClient. */
final class Main {
    private interface Call {
        Object send() throws ApiException;
    }

    private static ObjectMapper json;

    private Main() {
    }

    private static ApiClient client(String url, Map<String, String> headers) {
        ApiClient client = new ApiClient();
        client.updateBaseUri(url);
        client.setRequestInterceptor(request -> headers.forEach(request::header));
        return client;
    }

    private static void check(boolean holds, Object why) {
        if (!holds) {
            throw new IllegalStateException(String.valueOf(why));
        }
    }

    private static ErrorBody refused(int status, Call call) throws Exception {
        try {
            throw new IllegalStateException("not refused: " + call.send());
        } catch (ApiException e) {
            check(e.getCode() == status, e);
            return json.readValue(e.getResponseBody(), ErrorEnvelope.class).getError();
        }
    }

    public static void main(String[] arguments) throws Exception {
        ApiClient user = client(arguments[0], Map.of("authorization", "Bearer dev_carol"));
        json = user.getObjectMapper();

        // A project, an application, a number
        ProjectsApi projects = new ProjectsApi(user);
        Project project = projects.createProject(new CreateProjectRequest().name("Generated"), null).getData();
        ApplicationsApi applications = new ApplicationsApi(user);
        ApplicationWithCredentials application = applications.createApplication(project.getId(),
                new CreateApplicationRequest().name("Client").environment(Environment.TEST), null).getData();
        Map<String, String> credentials = new TreeMap<>(Map.of("x-client-id", application.getCredentials().getClientId(),
                "x-client-secret", application.getCredentials().getClientSecret(), "x-api-key", application.getCredentials().getApiKey()));
        OtpApi otp = new OtpApi(client(arguments[0], credentials));
        NumbersApi numbers = new NumbersApi(user);
        String phoneNumber = numbers.claimNumber(new ClaimNumberRequest()
                .phoneNumber("+999" + ThreadLocalRandom.current().nextInt(100_000_000, 1_000_000_000)), null).getData().getPhoneNumber();

        // A webhook that is an echo bin
        SandboxApi sandbox = new SandboxApi(client(arguments[0], Map.of()));
        Bin bin = sandbox.createBin(null).getData();
        WebhookWithSecret webhook = new WebhooksApi(user).createWebhook(application.getId(), new CreateWebhookRequest().url(bin.getUrl())
                .addEventsItem(SubscribableEvent.OTP_SENT).addEventsItem(SubscribableEvent.OTP_VERIFIED), null).getData();

        // An OTP: sent, read, entered wrongly, then rightly
        OtpRequest sent = otp.sendOtp(new SendOtpRequest().phoneNumber(phoneNumber).putMetadataItem("order", "1"), null).getData();
        check(sent.getStatus() == OtpRequestStatus.PENDING, sent);
        String code = numbers.listMessages(phoneNumber, null, null).getData().get(0).getCode();
        String other = code.equals("000000") ? "000001" : "000000";
        ErrorBody wrong = refused(422, () -> otp.verifyOtp(new VerifyOtpRequest().otpRequestId(sent.getId()).code(other)));
        check(wrong.getDetails().getReason().getValue().equals("invalid_code") && wrong.getDetails().getAttemptsRemaining() == 4, wrong);
        OtpRequest verified = otp.verifyOtp(new VerifyOtpRequest().otpRequestId(sent.getId()).code(code)).getData();
        check(verified.getStatus() == OtpRequestStatus.VERIFIED && verified.getVerifiedAt() != null, verified);

        // A rotation with an overlap: both secrets work
        String rotated = applications.rotateCredential(application.getId(),
                new RotateCredentialRequest().credential(CredentialKind.CLIENT_SECRET).overlapSeconds(60), null).getData().getCredentials().getClientSecret();
        for (String secret : List.of(application.getCredentials().getClientSecret(), rotated)) {
            credentials.put("x-client-secret", secret);
            check(otp.getOtp(sent.getId()).getData().getId().equals(sent.getId()), sent);
        }

        // The events, and their signatures
        List<BinEvent> events = sandbox.getBin(bin.getId()).getData().getEvents();
        for (int i = 0; events.size() < 2; i++) {
            check(i < 100, "the events arrive within ten seconds");
            TimeUnit.MILLISECONDS.sleep(100);
            events = sandbox.getBin(bin.getId()).getData().getEvents();
        }
        Webhook verifier = new Webhook(webhook.getSecret());
        for (BinEvent each : events) {
            HttpHeaders headers = HttpHeaders.of(each.getHeaders().entrySet().stream().collect(Collectors.toMap(Map.Entry::getKey,
                    header -> List.of(header.getValue()))), (name, value) -> true);
            // The client's own mapper leaves out nulls, and what is signed has them.
            String body = new ObjectMapper().writeValueAsString(each.getBody());
            verifier.verify(body, headers);
            check(json.readValue(body, OtpEvent.class).getData().getOtpRequest().getId().equals(sent.getId()), body);
            try {
                verifier.verify(body + " ", headers);
                throw new IllegalStateException("a signature of something else");
            } catch (WebhookVerificationException expected) {
                // As it should be.
            }
        }

        // A list, page by page
        List<String> found = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            projects.createProject(new CreateProjectRequest().name("Page " + i), null);
        }
        String cursor = "first";
        while (cursor != null) {
            ProjectPage page = projects.listProjects(2, cursor);
            page.getData().forEach(one -> found.add(one.getId()));
            cursor = page.getMeta().getNextCursor();
        }
        check(found.contains(project.getId()) && new HashSet<>(found).size() == found.size(), found);

        // Every class of error; each status has its own code
        ProjectsApi nobody = new ProjectsApi(client(arguments[0], Map.of("authorization", "Bearer nobody")));
        String codes = String.join(" ", refused(401, () -> nobody.listProjects(null, null)).getCode().getValue(),
                refused(404, () -> projects.getProject("prj_01kepxpxw0b6vgfeb3c2k3psat")).getCode().getValue(),
                refused(409, () -> projects.deleteProject(project.getId())).getCode().getValue(),
                refused(422, () -> projects.createProject(new CreateProjectRequest().name(""), null)).getCode().getValue(),
                refused(429, () -> otp.sendOtp(new SendOtpRequest().phoneNumber("+999 000 000 429"), null)).getCode().getValue(),
                refused(500, () -> otp.sendOtp(new SendOtpRequest().phoneNumber("+999 000 000 500"), null)).getCode().getValue(),
                refused(501, () -> {
                    otp.callOtp();
                    return "";
                }).getCode().getValue());
        check(codes.equals("UNAUTHENTICATED NOT_FOUND CONFLICT VALIDATION_ERROR RATE_LIMITED INTERNAL_ERROR NOT_IMPLEMENTED"), codes);
        Application suspended = applications.updateApplication(application.getId(), new UpdateApplicationRequest().status(ApplicationStatus.SUSPENDED)).getData();
        check(refused(403, () -> otp.sendOtp(new SendOtpRequest().phoneNumber(phoneNumber), null)).getCode().getValue().equals("FORBIDDEN"), suspended);
        System.out.println("java: all steps");
    }
}
