// SPDX-License-Identifier: Apache-2.0
package dev.phone.contracttests.suite;

import static dev.phone.contracttests.suite.World.ALICES_NUMBER;
import static dev.phone.contracttests.suite.World.FREE_NUMBER;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.standardwebhooks.Webhook;
import com.standardwebhooks.exceptions.WebhookVerificationException;
import dev.phone.contracttests.check.ContractCheck;
import dev.phone.contracttests.trace.Step;
import io.restassured.path.json.JsonPath;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What receivers of webhooks get, as the published library of Standard Webhooks sees it, and what the console shows of it. */
class WebhooksTest extends OtpSuite {
    /** The same for all targets, so that they are told the same URL. */
    private static final Receiver RECEIVER = new Receiver();

    @BeforeEach
    void listen() {
        RECEIVER.answer(204);
    }

    private JsonPath webhookTo(String url, String... events) {
        String types = Arrays.stream(events).map(type -> "'" + type + "'").collect(Collectors.joining(", "));
        return as("alice", "{'url': '" + url + "', 'events': [" + types + "]}").post(url("/v1/applications/" + World.APPLICATION + "/webhooks"))
                .then().statusCode(201).body("data.secret", matchesPattern("whsec_[0-9a-f]{48}")).extract().jsonPath();
    }

    private JsonPath webhook(String... events) {
        return webhookTo(RECEIVER.url(), events);
    }

    private static String path(JsonPath webhook) {
        return "/v1/webhooks/" + webhook.getString("data.id");
    }

    private static String deliveries(JsonPath webhook) {
        return path(webhook) + "/deliveries";
    }

    private String test(JsonPath webhook) {
        return as("alice").post(url("/v1/webhooks/" + webhook.getString("data.id") + "/test")).then().statusCode(202)
                .body("data.eventType", equalTo("webhook.test")).body("data.status", equalTo("pending")).body("data.attempts", empty())
                .extract().path("data.id");
    }

    /** The next event, which is checked against the contract, and recorded. */
    private Receiver.Received receive() throws InterruptedException {
        Receiver.Received event = RECEIVER.next();
        record(event);
        return event;
    }

    private void record(Receiver.Received event) {
        Step step = Step.event(event.json().getString("type"), event.headers(), event.body());
        ContractCheck.checkEvent(step);
        recorder.add(step);
    }

    @Test
    void thePublishedLibraryVerifiesAnEvent() throws Exception {
        JsonPath webhook = webhook("otp.sent");
        String otp = send(FREE_NUMBER);
        Receiver.Received event = receive();
        Webhook library = new Webhook(webhook.getString("data.secret"));
        assertDoesNotThrow(() -> library.verify(event.body(), event.headers()));
        assertThrows(WebhookVerificationException.class, () -> library.verify(event.body() + " ", event.headers()));
        String id = event.headers().firstValue("webhook-id").orElseThrow();
        assertEquals(id, event.json().getString("id"));
        assertEquals("otp.sent", event.json().getString("type"));
        assertEquals(otp, event.json().getString("data.otpRequest.id"));
        assertEquals("pending", event.json().getString("data.otpRequest.status"));
        eventually("alice", deliveries(webhook), "data.status", contains("delivered")).then().body("data[0].eventId", equalTo(id))
                .body("data[0].eventType", equalTo("otp.sent")).body("data[0].attempts.responseStatus", contains(204))
                .body("data[0].attempts.error", contains(nullValue())).body("data[0].nextAttemptAt", nullValue());
    }

    @Test
    void anOldSecretSignsBesideTheNewOneForADay() throws Exception {
        JsonPath webhook = webhook("otp.sent");
        Webhook old = new Webhook(webhook.getString("data.secret"));
        Webhook fresh = new Webhook(as("alice").post(url("/v1/webhooks/" + webhook.getString("data.id") + "/rotate")).then().statusCode(200)
                .extract().<String>path("data.secret"));
        target().advance(Promised.OLD_SECRET_SIGNS.minusMillis(1));
        send(FREE_NUMBER);
        Receiver.Received both = receive();
        assertDoesNotThrow(() -> old.verify(both.body(), both.headers()));
        assertDoesNotThrow(() -> fresh.verify(both.body(), both.headers()));
        // The receiver lives in real time, and so does the timestamp, although the target is a day ahead.
        target().advance(Duration.ofMillis(1));
        send(ALICES_NUMBER);
        Receiver.Received one = receive();
        assertDoesNotThrow(() -> fresh.verify(one.body(), one.headers()));
        assertThrows(WebhookVerificationException.class, () -> old.verify(one.body(), one.headers()));
    }

    @Test
    void whatIsNotAcknowledgedIsTriedAgain() {
        // Nobody listens there.
        String delivery = "/v1/deliveries/" + test(webhookTo("http://localhost:1/nobody", "otp.cancelled"));
        int attempts = 1;
        for (Duration pause : Promised.RETRIES) {
            eventually("alice", delivery, "data.attempts", hasSize(attempts)).then().body("data.status", equalTo("pending"))
                    .body("data.nextAttemptAt", notNullValue()).body("data.attempts.error", notNullValue());
            target().advance(pause.minusMillis(1));
            as("alice").get(url(delivery)).then().statusCode(200).body("data.attempts", hasSize(attempts));
            target().advance(Duration.ofMillis(1));
            attempts++;
        }
        eventually("alice", delivery, "data.attempts", hasSize(attempts)).then().body("data.status", equalTo("failed"))
                .body("data.nextAttemptAt", nullValue());
    }

    @Test
    void anEndpointThatIsGoneIsNotTriedAgain() throws InterruptedException {
        RECEIVER.answer(410);
        JsonPath webhook = webhook("otp.sent");
        send(FREE_NUMBER);
        receive();
        eventually("alice", deliveries(webhook), "data.status", contains("failed")).then()
                .body("data[0].attempts.responseStatus", contains(410)).body("data[0].nextAttemptAt", nullValue());
        eventually("alice", path(webhook), "data.status", equalTo("disabled"));
        RECEIVER.answer(204);
        send(FREE_NUMBER);
        as("alice").get(url(deliveries(webhook))).then().statusCode(200).body("data", hasSize(1));
        as("alice", "{'status': 'active'}").patch(url(path(webhook))).then().statusCode(200).body("data.status", equalTo("active"));
        send(FREE_NUMBER);
        eventually("alice", deliveries(webhook), "data.status", contains("delivered", "failed"));
    }

    @Test
    void whyAnAttemptFailedIsShortHoweverLongTheUrlIs() {
        JsonPath webhook = webhookTo("https://" + "a".repeat(1_900) + ".invalid/", "otp.sent");
        test(webhook);
        eventually("alice", deliveries(webhook), "data[0].attempts.error", contains(endsWith("a…")));
    }

    @Test
    void oneThatFailsForDaysIsDisabled() {
        JsonPath webhook = webhookTo("http://localhost:1/nobody", "otp.cancelled");
        fail(webhook);
        target().advance(Promised.FAILURE_DISABLES.minusMillis(1));
        fail(webhook);
        as("alice").get(url(path(webhook))).then().statusCode(200).body("data.status", equalTo("active"));
        target().advance(Duration.ofMillis(1));
        fail(webhook);
        eventually("alice", path(webhook), "data.status", equalTo("disabled"));
        // Set back, it has as long again.
        as("alice", "{'status': 'active'}").patch(url(path(webhook))).then().statusCode(200);
        target().advance(Duration.ofMillis(1));
        fail(webhook);
        as("alice").get(url(path(webhook))).then().statusCode(200).body("data.status", equalTo("active"));
    }

    /** Also in the instant of the failure, which the webhook's updatedAt does not tell from a change. */
    @Test
    void oneThatIsChangedHasAsLongAgain() {
        JsonPath webhook = webhookTo("http://localhost:1/nobody", "otp.cancelled");
        fail(webhook);
        as("alice").post(url(path(webhook) + "/rotate")).then().statusCode(200);
        target().advance(Promised.FAILURE_DISABLES);
        fail(webhook);
        as("alice").get(url(path(webhook))).then().statusCode(200).body("data.status", equalTo("active"));
    }

    @Test
    void aSuccessBetweenFailuresKeepsItActive() {
        JsonPath webhook = webhook("otp.cancelled");
        RECEIVER.answer(500);
        fail(webhook);
        RECEIVER.answer(204);
        eventually("alice", "/v1/deliveries/" + test(webhook), "data.status", equalTo("delivered"));
        target().advance(Promised.FAILURE_DISABLES);
        RECEIVER.answer(500);
        fail(webhook);
        as("alice").get(url(path(webhook))).then().statusCode(200).body("data.status", equalTo("active"));
    }

    /** Sends a test that fails once, and waits until that is known. */
    private void fail(JsonPath webhook) {
        eventually("alice", "/v1/deliveries/" + test(webhook), "data.attempts", hasSize(1)).then().body("data.status", equalTo("pending"));
    }

    @Test
    void whoAsksForMoreTimeGetsIt() {
        JsonPath webhook = webhook("otp.cancelled");
        RECEIVER.answer(503, Map.of("Retry-After", "120"));
        assertEquals(Duration.ofSeconds(120), pause(webhook));
        // No less than the schedule says, and no more than its longest pause.
        RECEIVER.answer(429, Map.of("Retry-After", "1"));
        assertEquals(Promised.RETRIES.getFirst(), pause(webhook));
        RECEIVER.answer(503, Map.of("Retry-After", "999999999"));
        assertEquals(Promised.RETRIES.getLast(), pause(webhook));
        RECEIVER.answer(503, Map.of("Retry-After", "soon"));
        assertEquals(Promised.RETRIES.getFirst(), pause(webhook));
    }

    /** How long it is until the next attempt, after a test that fails. */
    private Duration pause(JsonPath webhook) {
        JsonPath delivery = eventually("alice", "/v1/deliveries/" + test(webhook), "data.attempts", hasSize(1)).jsonPath();
        return Duration.between(Instant.parse(delivery.getString("data.attempts[0].at")), Instant.parse(delivery.getString("data.nextAttemptAt")));
    }

    @Test
    void anApplicationHasSoManyAtMost() {
        JsonPath last = null;
        for (int i = World.webhooks(); i < Promised.WEBHOOKS; i++) {
            last = webhook("otp.sent");
        }
        String another = "{'url': '" + RECEIVER.url() + "', 'events': ['otp.sent']}";
        String path = "/v1/applications/" + World.APPLICATION + "/webhooks";
        as("alice", another).post(url(path)).then().statusCode(409)
                .body("error.message", equalTo("An application has at most " + Promised.WEBHOOKS + " webhooks — delete one first"));
        as("alice").delete(url(path(last))).then().statusCode(200);
        as("alice", another).post(url(path)).then().statusCode(201);
    }

    @Test
    void aRedirectIsNotFollowed() throws InterruptedException {
        RECEIVER.answer(307, Map.of("Location", RECEIVER.url()));
        JsonPath webhook = webhook("otp.cancelled");
        String delivery = "/v1/deliveries/" + test(webhook);
        receive();
        eventually("alice", delivery, "data.attempts", hasSize(1)).then().body("data.attempts.responseStatus", contains(307))
                .body("data.status", equalTo("pending"));
        assertEquals(0, RECEIVER.left());
    }

    @Test
    void whatWasDeliveredCanBeDeliveredAgain() throws InterruptedException {
        String delivery = "/v1/deliveries/" + test(webhook("otp.sent"));
        String first = receive().body();
        eventually("alice", delivery, "data.status", equalTo("delivered"));
        as("alice").post(url(delivery + "/redeliver")).then().statusCode(202).body("data.status", equalTo("pending"));
        assertEquals(first, receive().body());
        eventually("alice", delivery, "data.status", equalTo("delivered")).then().body("data.attempts", hasSize(2));
    }

    @Test
    void aPausedOneHearsOfTestsOnly() throws InterruptedException {
        JsonPath webhook = webhook("otp.sent");
        as("alice", "{'status': 'paused'}").patch(url("/v1/webhooks/" + webhook.getString("data.id"))).then().statusCode(200);
        send(FREE_NUMBER);
        test(webhook);
        JsonPath event = receive().json();
        assertEquals("webhook.test", event.getString("type"));
        assertEquals(webhook.getString("data.id"), event.getString("data.webhookId"));
        as("alice").get(url(deliveries(webhook))).then().statusCode(200).body("data.eventType", contains("webhook.test"));
    }

    @Test
    void anEventShowsTheOtpAsItIsAtThatMoment() throws InterruptedException {
        webhook("otp.sent", "otp.cancelled");
        String otp = as("app", "{'phoneNumber': '" + FREE_NUMBER + "', 'metadata': {'orderId': '1234', 'ü': '👍'}}").post(url("/v1/otp/send"))
                .then().statusCode(201).extract().path("data.id");
        assertEquals(otp(otp).getMap("data"), receive().json().getMap("data.otpRequest"));
        target().advance(Duration.ofSeconds(31));
        resend(otp).then().statusCode(200);
        Receiver.Received again = receive();
        assertEquals("otp.sent", again.json().getString("type"));
        assertEquals(otp(otp).getMap("data"), again.json().getMap("data.otpRequest"));
        cancel(otp).then().statusCode(200);
        assertEquals(otp(otp).getMap("data"), receive().json().getMap("data.otpRequest"));
    }

    @Test
    void everyEndIsAnEventAndNoneHoldsACode() throws InterruptedException {
        webhook("otp.sent", "otp.verified", "otp.failed", "otp.expired", "otp.cancelled");
        List<String> codes = new ArrayList<>();
        // What the demo world has pending for this number is superseded, of which no event tells.
        String verified = send(ALICES_NUMBER);
        codes.add(code());
        verify(verified, codes.getFirst()).then().statusCode(200);
        String cancelled = send(ALICES_NUMBER);
        codes.add(code());
        cancel(cancelled).then().statusCode(200);
        String failed = send(ALICES_NUMBER);
        codes.add(code());
        for (int i = 0; i < Promised.OTP_ATTEMPTS; i++) {
            miss(failed, codes.getLast());
        }
        String expired = send(ALICES_NUMBER);
        codes.add(code());
        List<String> expected = List.of("otp.sent " + verified, "otp.verified " + verified, "otp.sent " + cancelled, "otp.cancelled " + cancelled,
                "otp.sent " + failed, "otp.failed " + failed, "otp.sent " + expired);
        assertEquals(expected, told(expected.size(), expected, codes));
        target().advance(Promised.OTP_LIFETIME);
        // What the demo world has pending expires as well.
        List<String> told = told(3, List.of("otp.expired " + expired), codes);
        assertEquals(List.of("otp.expired", "otp.expired", "otp.expired"), told.stream().map(event -> event.split(" ")[0]).toList());
        assertEquals(1, told.stream().filter(("otp.expired " + expired)::equals).count(), told::toString);
    }

    /** The next events, each by its type and OTP. They may arrive in any order; here they have the given one, and what it lacks is first. */
    private List<String> told(int count, List<String> order, List<String> codes) throws InterruptedException {
        Map<String, Receiver.Received> told = new TreeMap<>(Comparator.<String>comparingInt(order::indexOf).thenComparing(Comparator.naturalOrder()));
        for (int i = 0; i < count; i++) {
            Receiver.Received event = RECEIVER.next();
            assertFalse(event.body().contains("\"code\""), event.body());
            codes.forEach(code -> assertFalse(event.body().contains('"' + code + '"'), event.body()));
            told.put(event.json().getString("type") + " " + event.json().getString("data.otpRequest.id"), event);
        }
        told.values().forEach(this::record);
        return List.copyOf(told.keySet());
    }
}
