// SPDX-License-Identifier: Apache-2.0
package dev.phone.contracttests.consumer;

import static au.com.dius.pact.consumer.dsl.Matchers.fromProviderState;
import static au.com.dius.pact.consumer.dsl.Matchers.regexp;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import au.com.dius.pact.consumer.dsl.HttpRequestBuilder;
import au.com.dius.pact.consumer.dsl.HttpResponseBuilder;
import au.com.dius.pact.consumer.dsl.LambdaDslObject;
import au.com.dius.pact.core.model.V4Interaction;
import au.com.dius.pact.core.model.V4Pact;
import com.standardwebhooks.Webhook;
import com.standardwebhooks.exceptions.WebhookVerificationException;
import java.net.URI;
import java.net.http.HttpHeaders;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** What a shop's backend asks of Phone, and what it makes of Phone's events. */
class ShopClientTest extends ConsumerTest {
    private static final String OTP = "otp_01kf0ft54g2dgvjx7yyvtq3k51";
    private static final String EVENT = "evt_01kf0ft54g8q67jbscedpvn1ks";
    private static final String ALICES = "+999 482 918 102";
    private static final String CLIENT_ID = "ph_test_client_4ed69dbafe4f032d4b132ae2e2b0b4830e05c48d92997661";
    private static final String CLIENT_SECRET = "ph_test_secret_c5378b0bc656a54fa140ec9bb07456f003884033c09908b0";
    private static final String OLD_SECRET = "ph_test_secret_8810ad581e59f2bc3928b261707a71308f7e139eb0482036";
    private static final String API_KEY = "ph_test_api_44827a6cff385ba61cabbc15b4219c5a8c532f69c6853777";
    private static final String WEBHOOK_SECRET = "whsec_1259d241e3c075e3384451e07b98158d84a9b4d085caba10";

    ShopClientTest() {
        super("shop-backend");
    }

    private static <T> Function<URI, T> shop(Function<ShopClient, T> use) {
        return url -> use.apply(new ShopClient(url, CLIENT_ID, CLIENT_SECRET, API_KEY));
    }

    private static HttpRequestBuilder credentials(HttpRequestBuilder request) {
        return request.header("x-client-id", fromProviderState("${clientId}", CLIENT_ID))
                .header("x-client-secret", fromProviderState("${clientSecret}", CLIENT_SECRET))
                .header("x-api-key", fromProviderState("${apiKey}", API_KEY));
    }

    private static UnaryOperator<HttpRequestBuilder> post(String path, Consumer<LambdaDslObject> body) {
        return request -> credentials(request).method("POST").path(path).body(json(body));
    }

    private static UnaryOperator<HttpRequestBuilder> send(String phoneNumber) {
        return request -> post("/v1/otp/send", body -> body.stringValue("phoneNumber", phoneNumber)).apply(request)
                .header("idempotency-key", regexp("[0-9a-f-]{36}", "0b8a6a6e-7d6c-4b52-9f3e-0f3a5f1f6d11"));
    }

    private static UnaryOperator<HttpRequestBuilder> verify(String code, String example) {
        return post("/v1/otp/verify", body -> body.valueFromProviderState("otpRequestId", "${otpRequestId}", OTP)
                .valueFromProviderState("code", code, example));
    }

    private static UnaryOperator<HttpRequestBuilder> reference(String path) {
        return post(path, body -> body.valueFromProviderState("otpRequestId", "${otpRequestId}", OTP));
    }

    private static void challenge(LambdaDslObject body) {
        body.object("data", otp -> otp.stringMatcher("id", id("otp"), OTP).stringValue("status", "pending")
                .stringMatcher("expiresAt", INSTANT, EXPIRES_AT).integerType("attemptsRemaining", 5));
    }

    private static Consumer<LambdaDslObject> failure(String reason, int attemptsRemaining) {
        return body -> body.object("error", error -> error.stringValue("code", "VALIDATION_ERROR").stringType("message", "The code is wrong")
                .object("details", details -> details.stringValue("reason", reason).numberValue("attemptsRemaining", attemptsRemaining)));
    }

    // Send

    @Test
    void sendsACode() {
        ShopClient.Challenge challenge = given("the demo world").receives("a code for a customer", send(ALICES))
                .answers(201, ShopClientTest::challenge).when(shop(shop -> shop.sendCode(ALICES)));
        assertEquals(new ShopClient.Challenge(OTP, Instant.parse(EXPIRES_AT), 5), challenge);
    }

    @Test
    void refusesAForeignNumber() {
        PhoneApi.Invalid invalid = given("the demo world").receives("a code for a number that is not virtual", send("+49 30 901820"))
                .answers(422, body -> body.object("error", error -> error.stringValue("code", "VALIDATION_ERROR").stringType("message", "Validation failed")
                        .object("details", details -> details.array("violations", violations -> violations.object(violation ->
                                violation.stringValue("path", "/phoneNumber").stringType("message", "must be a virtual number"))))))
                .when(shop(shop -> refused(PhoneApi.Invalid.class, () -> shop.sendCode("+49 30 901820"))));
        assertEquals(Map.of("/phoneNumber", "must be a virtual number"), invalid.violations);
    }

    @Test
    void noticesThatItsCredentialsAreWrong() {
        given("the demo world").receives("a code for a customer, with a secret that is no longer valid", request ->
                        request.method("POST").path("/v1/otp/send").header("x-client-id", fromProviderState("${clientId}", CLIENT_ID))
                                .header("x-client-secret", OLD_SECRET).header("x-api-key", fromProviderState("${apiKey}", API_KEY))
                                .body(json(body -> body.stringValue("phoneNumber", ALICES))))
                .refuses(401, "UNAUTHENTICATED", "The credentials are not valid")
                .when(url -> refused(PhoneApi.NotSignedIn.class, () -> new ShopClient(url, CLIENT_ID, OLD_SECRET, API_KEY).sendCode(ALICES)));
    }

    @Test
    void noticesThatItIsSuspended() {
        given("a suspended application").receives("a code for a customer of a suspended shop", send(ALICES))
                .refuses(403, "FORBIDDEN", "This application is suspended")
                .when(shop(shop -> refused(PhoneApi.Forbidden.class, () -> shop.sendCode(ALICES))));
    }

    @Test
    void waitsWhenItSentTooMany() {
        PhoneApi.TooMany tooMany = given("the limit is spent", Map.of("operation", "sendOtp")).receives("one code too many", send(ALICES))
                .answers(ShopClientTest::tooMany, body -> body.object("error", error -> error.stringValue("code", "RATE_LIMITED")
                        .stringType("message", "Too many OTP requests — retry in 42s")))
                .when(shop(shop -> refused(PhoneApi.TooMany.class, () -> shop.sendCode(ALICES))));
        assertEquals(Duration.ofSeconds(42), tooMany.retryAfter);
    }

    private static HttpResponseBuilder tooMany(HttpResponseBuilder response) {
        return response.status(429).header("retry-after", regexp("[1-9][0-9]*", "42"));
    }

    // Verify

    @Test
    void letsTheCustomerInWithTheRightCode() {
        ShopClient.Outcome outcome = given("a pending OTP").receives("the right code", verify("${code}", "482913"))
                .answers(200, body -> body.object("data", otp -> otp.stringValue("status", "verified")))
                .when(shop(shop -> shop.enter(OTP, "482913")));
        assertEquals(new ShopClient.Verified(), outcome);
    }

    @Test
    void tellsHowManyAttemptsRemain() {
        ShopClient.Outcome outcome = given("an OTP with attempts left", Map.of("attempts", 3))
                .receives("a wrong code, with three attempts left", verify("${wrongCode}", "000000"))
                .answers(422, failure("invalid_code", 2)).when(shop(shop -> shop.enter(OTP, "000000")));
        assertEquals(new ShopClient.Wrong(2), outcome);
    }

    @Test
    void asksForANewCodeAfterTheLastAttempt() {
        ShopClient.Outcome outcome = given("an OTP with attempts left", Map.of("attempts", 1))
                .receives("a wrong code, at the last attempt", verify("${wrongCode}", "000000"))
                .answers(422, failure("invalid_code", 0)).when(shop(shop -> shop.enter(OTP, "000000")));
        assertEquals(new ShopClient.Wrong(0), outcome);
    }

    @Test
    void asksForANewCodeWhenThereAreNoAttempts() {
        ShopClient.Outcome outcome = given("an OTP with attempts left", Map.of("attempts", 0))
                .receives("the right code, after too many wrong ones", verify("${code}", "482913"))
                .answers(422, failure("attempts_exhausted", 0)).when(shop(shop -> shop.enter(OTP, "482913")));
        assertEquals(new ShopClient.Over("attempts_exhausted"), outcome);
    }

    @Test
    void asksForANewCodeWhenItIsTooOld() {
        ShopClient.Outcome outcome = given("an expired OTP").receives("the right code, too late", verify("${code}", "482913"))
                .answers(422, body -> body.object("error", error -> error.stringValue("code", "VALIDATION_ERROR").stringType("message", "The code has expired")
                        .object("details", details -> details.stringValue("reason", "expired"))))
                .when(shop(shop -> shop.enter(OTP, "482913")));
        assertEquals(new ShopClient.Over("expired"), outcome);
    }

    @Test
    void doesNotVerifyWhatIsNotItsOwn() {
        given("the demo world").receives("a code for an OTP that is another shop's", post("/v1/otp/verify", body ->
                        body.valueFromProviderState("otpRequestId", "${otherOtpRequestId}", "otp_01kf0fshkgxbwf9kwqwdv45d4t").stringValue("code", "482913")))
                .refuses(404, "NOT_FOUND", "There is no such OTP request")
                .when(shop(shop -> refused(PhoneApi.NotFound.class, () -> shop.enter("otp_01kf0fshkgxbwf9kwqwdv45d4t", "482913"))));
    }

    @Test
    void waitsWhenItVerifiedTooOften() {
        PhoneApi.TooMany tooMany = given("the limit is spent", Map.of("operation", "verifyOtp")).receives("one verification too many",
                        post("/v1/otp/verify", body -> body.stringValue("otpRequestId", OTP).stringValue("code", "482913")))
                .answers(ShopClientTest::tooMany, body -> body.object("error", error -> error.stringValue("code", "RATE_LIMITED")
                        .stringType("message", "Too many verification attempts — retry in 42s")))
                .when(shop(shop -> refused(PhoneApi.TooMany.class, () -> shop.enter(OTP, "482913"))));
        assertEquals(Duration.ofSeconds(42), tooMany.retryAfter);
    }

    // Resend, cancel, look up

    @Test
    void sendsAnotherCode() {
        ShopClient.Challenge challenge = given("an OTP with attempts left", Map.of("attempts", 3))
                .receives("another code for the same customer", reference("/v1/otp/resend"))
                .answers(200, body -> body.object("data", otp -> otp.valueFromProviderState("id", "${otpRequestId}", OTP).stringValue("status", "pending")
                        .stringMatcher("expiresAt", INSTANT, EXPIRES_AT).numberValue("attemptsRemaining", 3)))
                .when(shop(shop -> shop.sendAnotherCode(OTP)));
        assertEquals(new ShopClient.Challenge(OTP, Instant.parse(EXPIRES_AT), 3), challenge);
    }

    @Test
    void doesNotSendAnotherCodeWhenTheCustomerIsIn() {
        given("a verified OTP").receives("another code for a customer who is in", reference("/v1/otp/resend"))
                .refuses(409, "CONFLICT", "This OTP request is over")
                .when(shop(shop -> refused(PhoneApi.Conflict.class, () -> shop.sendAnotherCode(OTP))));
    }

    @Test
    void cancels() {
        given("a pending OTP").receives("the end of an OTP that the customer gave up", reference("/v1/otp/cancel"))
                .answers(200, body -> body.object("data", otp -> otp.stringValue("status", "cancelled")))
                .when(shop(shop -> {
                    shop.cancel(OTP);
                    return true;
                }));
    }

    @Test
    void readsTheStatus() {
        String status = given("a superseded OTP").receives("a request for the status of an OTP", request ->
                        credentials(request).method("GET").path(fromProviderState("/v1/otp/${otpRequestId}", "/v1/otp/" + OTP)))
                .answers(200, body -> body.object("data", otp -> otp.stringValue("status", "superseded")))
                .when(shop(shop -> shop.status(OTP)));
        assertEquals("superseded", status);
    }

    private static UnaryOperator<HttpRequestBuilder> user(String path) {
        return request -> request.method("GET").path(path).header("x-api-key", fromProviderState("${apiKey}", API_KEY));
    }

    @Test
    void knowsWhoIsReachable() {
        boolean reachable = given("the demo world").receives("a request for a number that somebody has", user("/v1/users/%2B999482918102"))
                .answers(200, body -> body.object("data", found -> found.booleanValue("registered", true)))
                .when(shop(shop -> shop.isReachable("+999482918102")));
        assertTrue(reachable);
    }

    @Test
    void knowsWhoIsNotReachable() {
        boolean reachable = given("the demo world").receives("a request for a number that nobody has", user("/v1/users/%2B999700100200"))
                .refuses(404, "NOT_FOUND", "Nobody has this number")
                .when(shop(shop -> shop.isReachable("+999700100200")));
        assertFalse(reachable);
    }

    // Events

    @Test
    void learnsThatACodeWasSent() throws Exception {
        assertEquals("pending", statusAfter("otp.sent", "pending"));
    }

    @Test
    void learnsThatACodeWasVerified() throws Exception {
        assertEquals("verified", statusAfter("otp.verified", "verified"));
    }

    @Test
    void learnsThatAllAttemptsWereWrong() throws Exception {
        assertEquals("failed", statusAfter("otp.failed", "failed"));
    }

    @Test
    void learnsThatACodeExpired() throws Exception {
        assertEquals("expired", statusAfter("otp.expired", "expired"));
    }

    @Test
    void learnsThatACodeWasCancelled() throws Exception {
        assertEquals("cancelled", statusAfter("otp.cancelled", "cancelled"));
    }

    @Test
    void learnsThatItsWebhookWorks() throws Exception {
        assertTrue(handle("webhook.test", body -> body.object("data", data -> data.stringMatcher("webhookId", id("whk"), "whk_01kerxspw0p7zvby4r04dxqryf")))
                .wasTested());
    }

    private String statusAfter(String type, String status) throws Exception {
        return handle(type, body -> body.object("data", data -> data.object("otpRequest", otp ->
                otp.stringMatcher("id", id("otp"), OTP).stringValue("status", status)))).status(OTP).orElseThrow();
    }

    /** Lets the handler have an event. Its signature is of this moment, since old ones are refused; what the pact says is its form. */
    private ShopWebhookHandler handle(String type, Consumer<LambdaDslObject> data) throws Exception {
        V4Pact pact = pact().expectsToReceiveMessageInteraction("the event " + type, message -> message.withContents(contents -> contents
                .withMetadata(headers -> headers.add("contentType", "application/json")
                        .matchRegex("webhook-id", id("evt"), EVENT)
                        .matchRegex("webhook-timestamp", "[0-9]{10}", "1768468261")
                        .matchRegex("webhook-signature", "v1,[0-9A-Za-z+/]{43}=( v1,[0-9A-Za-z+/]{43}=)*",
                                "v1,Ao3TzzdNq/jSMxgULkzcNcRLi/HZWFpgTj4fgZxx870="))
                .withContent(json(body -> {
                    body.stringValue("type", type);
                    data.accept(body);
                })))).toPact();
        String body = ((V4Interaction.AsynchronousMessage) pact.getInteractions().getFirst()).contentsAsString();
        Webhook webhook = new Webhook(WEBHOOK_SECRET);
        ShopWebhookHandler handler = new ShopWebhookHandler(webhook);
        long now = Instant.now().getEpochSecond();
        assertThrows(WebhookVerificationException.class, () -> handler.handle(body.replace(type, "otp.forged"), signed(webhook, now, body)));
        handler.handle(body, signed(webhook, now, body));
        write(pact);
        return handler;
    }

    private static HttpHeaders signed(Webhook webhook, long time, String body) throws Exception {
        return HttpHeaders.of(Map.of("webhook-id", List.of(EVENT), "webhook-timestamp", List.of(String.valueOf(time)),
                "webhook-signature", List.of(webhook.sign(EVENT, time, body))), (name, value) -> true);
    }
}
