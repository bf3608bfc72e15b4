// SPDX-License-Identifier: Apache-2.0
package dev.phone.contracttests.consumer;

import static au.com.dius.pact.consumer.dsl.Matchers.fromProviderState;
import static au.com.dius.pact.consumer.dsl.Matchers.regexp;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import au.com.dius.pact.consumer.dsl.HttpRequestBuilder;
import au.com.dius.pact.consumer.dsl.HttpResponseBuilder;
import au.com.dius.pact.consumer.dsl.LambdaDslObject;
import au.com.dius.pact.consumer.dsl.PactDslJsonRootValue;
import au.com.dius.pact.core.model.matchingrules.NullMatcher;
import au.com.dius.pact.core.model.matchingrules.TypeMatcher;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** What the console's frontend asks of Phone. */
class ConsoleClientTest extends ConsumerTest {
    private static final String TOKEN = "dev_alice";
    private static final String PROJECT = "prj_01kertbv80wez6vkwkjgm64s4r";
    private static final String APPLICATION = "app_01kertn0708c6aktd8brt4xtr3";
    private static final String WEBHOOK = "whk_01kerxspw0p7zvby4r04dxqryf";
    private static final String DELIVERY = "dlv_01kf0ft63rjxgb2c7rhtmjpsdk";
    private static final String CLIENT_ID = "ph_test_client_4ed69dbafe4f032d4b132ae2e2b0b4830e05c48d92997661";
    private static final String CLIENT_SECRET = "ph_test_secret_c5378b0bc656a54fa140ec9bb07456f003884033c09908b0";
    private static final String API_KEY = "ph_test_api_44827a6cff385ba61cabbc15b4219c5a8c532f69c6853777";
    private static final String SECRET = "whsec_1259d241e3c075e3384451e07b98158d84a9b4d085caba10";

    ConsoleClientTest() {
        super("phone-console");
    }

    private static <T> Function<URI, T> console(Function<ConsoleClient, T> use) {
        return url -> use.apply(new ConsoleClient(url, TOKEN));
    }

    private static UnaryOperator<HttpRequestBuilder> request(String method, String path) {
        return request -> signedIn(request).method(method).path(path);
    }

    /** @param path with names of a state's values in it, such as {@code ${projectId}} */
    private static UnaryOperator<HttpRequestBuilder> request(String method, String path, String example) {
        return request -> signedIn(request).method(method).path(fromProviderState(path, example));
    }

    private static UnaryOperator<HttpRequestBuilder> with(UnaryOperator<HttpRequestBuilder> request, Consumer<LambdaDslObject> body) {
        return builder -> request.apply(builder).body(json(body));
    }

    private static HttpRequestBuilder signedIn(HttpRequestBuilder request) {
        return request.header("authorization", fromProviderState("Bearer ${token}", "Bearer " + TOKEN));
    }

    private static void project(LambdaDslObject project) {
        project.stringMatcher("id", id("prj"), PROJECT).stringType("name", "Checkout");
    }

    private static void application(LambdaDslObject application) {
        application.stringMatcher("id", id("app"), APPLICATION).stringType("name", "Checkout test")
                .stringMatcher("environment", "test|live", "test").stringMatcher("status", "active|suspended", "active")
                .stringMatcher("clientId", "ph_(test|live)_client_[0-9a-f]{48}", CLIENT_ID).stringType("clientSecretPreview", "ph_test_secret_c537…08b0");
    }

    // Projects

    @Test
    void showsTheProjects() {
        List<ConsoleClient.Project> projects = given("a project with applications", Map.of("name", "Checkout"))
                .receives("a request for the projects of a user", request("GET", "/v1/projects"))
                .answers(200, body -> body.minArrayLike("data", 1, ConsoleClientTest::project))
                .when(console(ConsoleClient::projects));
        assertEquals(List.of(new ConsoleClient.Project(PROJECT, "Checkout")), projects);
    }

    @Test
    void createsAProject() {
        ConsoleClient.Project project = given("the demo world")
                .receives("a new project", with(request("POST", "/v1/projects"), body -> body.stringValue("name", "Newsletter")))
                .answers(201, body -> body.object("data", data -> data.stringMatcher("id", id("prj"), PROJECT).stringValue("name", "Newsletter")))
                .when(console(console -> console.createProject("Newsletter")));
        assertEquals(new ConsoleClient.Project(PROJECT, "Newsletter"), project);
    }

    @Test
    void renamesAProject() {
        ConsoleClient.Project project = given("a project without applications")
                .receives("another name for a project", with(request("PATCH", "/v1/projects/${projectId}", "/v1/projects/" + PROJECT),
                        body -> body.stringValue("name", "Letters")))
                .answers(200, body -> body.object("data", data -> data.valueFromProviderState("id", "${projectId}", PROJECT).stringValue("name", "Letters")))
                .when(console(console -> console.renameProject(PROJECT, "Letters")));
        assertEquals(new ConsoleClient.Project(PROJECT, "Letters"), project);
    }

    @Test
    void deletesAProject() {
        given("a project without applications")
                .receives("the end of a project", request("DELETE", "/v1/projects/${projectId}", "/v1/projects/" + PROJECT))
                .answers(HttpResponseBuilder::successStatus, body -> body.object("data", data -> data.booleanType("deleted", true)))
                .when(console(console -> {
                    console.deleteProject(PROJECT);
                    return true;
                }));
    }

    @Test
    void saysWhyAProjectCannotBeDeleted() {
        given("a project with applications")
                .receives("the end of a project that has applications", request("DELETE", "/v1/projects/${projectId}", "/v1/projects/" + PROJECT))
                .refuses(409, "CONFLICT", "This project still has applications")
                .when(console(console -> refused(PhoneApi.Conflict.class, () -> {
                    console.deleteProject(PROJECT);
                    return null;
                })));
    }

    @Test
    void saysWhatIsWrongWithAName() {
        String tooLong = "x".repeat(81);
        PhoneApi.Invalid invalid = given("the demo world")
                .receives("a new project with a name that is too long", with(request("POST", "/v1/projects"), body -> body.stringValue("name", tooLong)))
                .answers(422, body -> body.object("error", error -> error.stringValue("code", "VALIDATION_ERROR").stringType("message", "Validation failed")
                        .object("details", details -> details.array("violations", violations -> violations.object(violation ->
                                violation.stringValue("path", "/name").stringType("message", "must have at most 80 characters"))))))
                .when(console(console -> refused(PhoneApi.Invalid.class, () -> console.createProject(tooLong))));
        assertEquals(Map.of("/name", "must have at most 80 characters"), invalid.violations);
    }

    @Test
    void asksToSignInAgain() {
        given("the demo world")
                .receives("a request for projects with an expired token",
                        request -> request.method("GET").path("/v1/projects").header("authorization", "Bearer expired"))
                .refuses(401, "UNAUTHENTICATED", "Sign in again")
                .when(url -> refused(PhoneApi.NotSignedIn.class, () -> new ConsoleClient(url, "expired").projects()));
    }

    @Test
    void waitsWhenItAskedTooOften() {
        PhoneApi.TooMany tooMany = given("the limit is spent", Map.of("operation", "listProjects"))
                .receives("one request too many", request("GET", "/v1/projects"))
                .answers(response -> response.status(429).header("retry-after", regexp("[1-9][0-9]*", "42")),
                        body -> body.object("error", error -> error.stringValue("code", "RATE_LIMITED")
                                .stringType("message", "Too many requests — retry in 42s")))
                .when(console(console -> refused(PhoneApi.TooMany.class, console::projects)));
        assertEquals(Duration.ofSeconds(42), tooMany.retryAfter);
    }

    // Applications

    @Test
    void showsTheApplicationsOfAProject() {
        List<ConsoleClient.Application> applications = given("a project with applications", Map.of("applications", 2))
                .receives("a request for the applications of a project",
                        request("GET", "/v1/projects/${projectId}/applications", "/v1/projects/" + PROJECT + "/applications"))
                .answers(200, body -> body.minArrayLike("data", 2, ConsoleClientTest::application))
                .when(console(console -> console.applications(PROJECT)));
        assertEquals(2, applications.size());
    }

    @Test
    void showsAProjectWithoutApplications() {
        List<ConsoleClient.Application> applications = given("a project without applications")
                .receives("a request for the applications of a project that has none",
                        request("GET", "/v1/projects/${projectId}/applications", "/v1/projects/" + PROJECT + "/applications"))
                .answers(200, body -> body.array("data"))
                .when(console(console -> console.applications(PROJECT)));
        assertEquals(List.of(), applications);
    }

    @Test
    void showsAnApplication() {
        ConsoleClient.Application application = given("an application")
                .receives("a request for an application", request("GET", "/v1/applications/${applicationId}", "/v1/applications/" + APPLICATION))
                .answers(200, body -> body.object("data", data -> {
                    application(data);
                    data.valueFromProviderState("id", "${applicationId}", APPLICATION).valueFromProviderState("clientId", "${clientId}", CLIENT_ID);
                }))
                .when(console(console -> console.application(APPLICATION)));
        assertEquals(CLIENT_ID, application.clientId());
    }

    @Test
    void doesNotFindWhatIsSomeoneElses() {
        given("the demo world")
                .receives("a request for an application that is not the user's",
                        request("GET", "/v1/applications/${otherApplicationId}", "/v1/applications/app_01kepy02v0jav5pxtq8yw8spme"))
                .refuses(404, "NOT_FOUND", "There is no such application")
                .when(console(console -> refused(PhoneApi.NotFound.class, () -> console.application("app_01kepy02v0jav5pxtq8yw8spme"))));
    }

    @Test
    void showsNewCredentialsOnce() {
        ConsoleClient.Credentials credentials = given("a project without applications")
                .receives("a new application", with(request("POST", "/v1/projects/${projectId}/applications", "/v1/projects/" + PROJECT + "/applications"),
                        body -> body.stringValue("name", "Checkout test").stringValue("environment", "test")))
                .answers(201, body -> body.object("data", data -> {
                    application(data);
                    data.object("credentials", shown -> shown.stringMatcher("clientId", "ph_test_client_[0-9a-f]{48}", CLIENT_ID)
                            .stringMatcher("clientSecret", "ph_test_secret_[0-9a-f]{48}", CLIENT_SECRET)
                            .stringMatcher("apiKey", "ph_test_api_[0-9a-f]{48}", API_KEY));
                }))
                .when(console(console -> console.createApplication(PROJECT, "Checkout test", "test")));
        assertEquals(new ConsoleClient.Credentials(CLIENT_ID, CLIENT_SECRET, API_KEY), credentials);
    }

    @Test
    void replacesAClientSecret() {
        String secret = given("an application")
                .receives("a new client secret",
                        with(request("POST", "/v1/applications/${applicationId}/rotate", "/v1/applications/" + APPLICATION + "/rotate"),
                                body -> body.stringValue("credential", "clientSecret")))
                .answers(200, body -> body.object("data", data -> data.object("credentials", shown ->
                        shown.stringMatcher("clientSecret", "ph_test_secret_[0-9a-f]{48}", CLIENT_SECRET))))
                .when(console(console -> console.replaceClientSecret(APPLICATION)));
        assertEquals(CLIENT_SECRET, secret);
    }

    @Test
    void suspendsAnApplication() {
        ConsoleClient.Application application = given("an application")
                .receives("the suspension of an application",
                        with(request("PATCH", "/v1/applications/${applicationId}", "/v1/applications/" + APPLICATION),
                                body -> body.stringValue("status", "suspended")))
                .answers(200, body -> body.object("data", data -> {
                    application(data);
                    data.stringValue("status", "suspended");
                }))
                .when(console(console -> console.suspend(APPLICATION)));
        assertTrue(application.suspended());
    }

    // Numbers

    @Test
    void claimsANumber() {
        String number = given("the demo world")
                .receives("a free number", with(request("POST", "/v1/numbers"), body -> body.stringValue("phoneNumber", "+999700100200")))
                .answers(201, body -> body.object("data", data -> data.stringValue("phoneNumber", "+999 700 100 200")))
                .when(console(console -> console.claimNumber("+999700100200")));
        assertEquals("+999 700 100 200", number);
    }

    @Test
    void saysThatANumberIsTaken() {
        given("a claimed number", Map.of("phoneNumber", "+999 700 100 201"))
                .receives("a number that somebody has", with(request("POST", "/v1/numbers"), body -> body.stringValue("phoneNumber", "+999 700 100 201")))
                .refuses(409, "CONFLICT", "This number is taken")
                .when(console(console -> refused(PhoneApi.Conflict.class, () -> console.claimNumber("+999 700 100 201"))));
    }

    @Test
    void showsTheCodesInAnInbox() {
        List<ConsoleClient.Message> messages = given("a message in the inbox")
                .receives("a request for the messages of a number",
                        request("GET", "/v1/numbers/${encodedPhoneNumber}/messages", "/v1/numbers/%2B999482918102/messages"))
                .answers(200, body -> body.minArrayLike("data", 1, message -> message.stringType("applicationName", "Checkout test")
                        .valueFromProviderState("code", "${code}", "482913").stringMatcher("expiresAt", INSTANT, EXPIRES_AT)))
                .when(console(console -> console.inbox("+999 482 918 102")));
        assertEquals(List.of(new ConsoleClient.Message("Checkout test", "482913", Instant.parse(EXPIRES_AT))), messages);
    }

    // Webhooks

    @Test
    void showsTheWebhooksOfAnApplication() {
        List<ConsoleClient.Webhook> webhooks = given("a webhook")
                .receives("a request for the webhooks of an application",
                        request("GET", "/v1/applications/${applicationId}/webhooks", "/v1/applications/" + APPLICATION + "/webhooks"))
                .answers(200, body -> body.minArrayLike("data", 1, webhook -> webhook.stringMatcher("id", id("whk"), WEBHOOK)
                        .stringType("url", "https://hooks.example.com/phone").stringType("status", "active")
                        .eachLike("events", PactDslJsonRootValue.stringType("otp.sent"))))
                .when(console(console -> console.webhooks(APPLICATION)));
        assertEquals(List.of(new ConsoleClient.Webhook(WEBHOOK, "https://hooks.example.com/phone", List.of("otp.sent"), "active")), webhooks);
    }

    @Test
    void showsTheSecretOfANewWebhookOnce() {
        String secret = given("an application")
                .receives("a new webhook", with(request("POST", "/v1/applications/${applicationId}/webhooks", "/v1/applications/" + APPLICATION + "/webhooks"),
                        body -> body.stringValue("url", "https://hooks.example.com/phone")
                                .array("events", events -> events.stringValue("otp.sent").stringValue("otp.verified"))))
                .answers(201, body -> body.object("data", data -> data.stringMatcher("secret", "whsec_[0-9a-f]{48}", SECRET)))
                .when(console(console -> console.addWebhook(APPLICATION, "https://hooks.example.com/phone", "otp.sent", "otp.verified")));
        assertEquals(SECRET, secret);
    }

    @Test
    void testsAWebhook() {
        given("a webhook")
                .receives("a test of a webhook", request("POST", "/v1/webhooks/${webhookId}/test", "/v1/webhooks/" + WEBHOOK + "/test"))
                .answers(202, body -> body.object("data", data -> data.stringValue("eventType", "webhook.test")))
                .when(console(console -> {
                    console.testWebhook(WEBHOOK);
                    return true;
                }));
    }

    private static void failedDelivery(LambdaDslObject delivery) {
        delivery.stringMatcher("id", id("dlv"), DELIVERY).stringType("eventType", "otp.sent")
                .stringMatcher("status", "pending|delivered|failed", "failed");
    }

    private static void attempt(LambdaDslObject attempt) {
        attempt.or("error", "the endpoint answered 410", TypeMatcher.INSTANCE, NullMatcher.INSTANCE);
    }

    @Test
    void showsWhyADeliveryFailed() {
        List<ConsoleClient.Delivery> deliveries = given("a webhook with a failed delivery")
                .receives("a request for the deliveries of a webhook",
                        request("GET", "/v1/webhooks/${webhookId}/deliveries", "/v1/webhooks/" + WEBHOOK + "/deliveries"))
                .answers(200, body -> body.minArrayLike("data", 1, delivery -> {
                    failedDelivery(delivery);
                    delivery.minArrayLike("attempts", 0, 1, ConsoleClientTest::attempt);
                }))
                .when(console(console -> console.deliveries(WEBHOOK)));
        assertEquals(List.of(new ConsoleClient.Delivery(DELIVERY, "otp.sent", "failed", List.of("the endpoint answered 410"))), deliveries);
    }

    @Test
    void deliversAnEventAgain() {
        ConsoleClient.Delivery delivery = given("a webhook with a failed delivery")
                .receives("another delivery of an event that failed",
                        request("POST", "/v1/deliveries/${deliveryId}/redeliver", "/v1/deliveries/" + DELIVERY + "/redeliver"))
                .answers(202, body -> body.object("data", data -> {
                    failedDelivery(data);
                    data.stringMatcher("status", "pending|delivered|failed", "pending");
                    data.minArrayLike("attempts", 0, ConsoleClientTest::attempt);
                }))
                .when(console(console -> console.deliverAgain(DELIVERY)));
        assertEquals("pending", delivery.status());
    }

    // Analytics

    @Test
    void showsWhatBecameOfTheOtps() {
        ConsoleClient.Totals totals = given("a verified OTP")
                .receives("a request for the totals of an application", request -> request("GET", "/v1/applications/${applicationId}/analytics",
                        "/v1/applications/" + APPLICATION + "/analytics").apply(request).queryParameter("interval", "day"))
                .answers(200, body -> body.object("data", data -> data.object("totals", counts ->
                        counts.integerType("sent", 8).integerType("verified", 1).integerType("failed", 1))))
                .when(console(console -> console.totals(APPLICATION)));
        assertEquals(new ConsoleClient.Totals(8, 1, 1), totals);
    }
}
