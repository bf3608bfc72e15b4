// SPDX-License-Identifier: Apache-2.0
package dev.phone.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.phone.api.ApiError;
import dev.phone.api.Caller;
import dev.phone.api.CreateWebhookRequest;
import dev.phone.api.Credentials;
import dev.phone.api.ApplicationEnvironment;
import dev.phone.api.Exchange;
import dev.phone.api.Operation;
import dev.phone.api.Operations;
import dev.phone.api.OtpRequestStatus;
import dev.phone.api.Response;
import dev.phone.api.SubscribableEvent;
import dev.phone.api.VerifyOtpRequest;
import dev.phone.server.auth.Authentication;
import dev.phone.server.auth.DevelopmentTokens;
import dev.phone.server.idempotency.IdempotentRequests;
import dev.phone.server.store.Database;
import dev.phone.server.store.Secrets;
import dev.phone.server.store.SignedCursors;
import dev.phone.server.store.TestDatabase;
import jakarta.json.JsonValue;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Nodes with the old secret, with both, and with the new one, on one database: nobody notices, and in the end the old one is not needed. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class SecretRotationTest {
    private static final byte[] OLD = new byte[32];
    private static final byte[] NEW = "the new secret, of 32 bytes or more".getBytes(StandardCharsets.US_ASCII);

    private final Database database;
    private final Features before;
    private final Features prepared;
    private final Features during;
    private final Features after;
    private final Caller.User user;
    private final String project;

    SecretRotationTest(TestDatabase kind) {
        database = kind.open();
        before = new Features(database, Secrets.of(OLD));
        prepared = new Features(database, Secrets.of(OLD, NEW));
        during = new Features(database, Secrets.of(NEW, OLD));
        after = new Features(database, Secrets.of(NEW));
        user = before.user();
        project = before.project(user).id();
    }

    @AfterAll
    void close() {
        before.close();
    }

    /** A request with credentials, and nothing else. */
    private record Request(Map<String, String> allHeaders) implements Exchange {
        Request(Credentials credentials) {
            this(Map.of("x-client-id", credentials.clientId(), "x-client-secret", credentials.clientSecret(), "x-api-key", credentials.apiKey()));
        }

        @Override
        public String path(String name) {
            throw new UnsupportedOperationException();
        }

        @Override
        public List<String> query(String name) {
            return List.of();
        }

        @Override
        public List<String> header(String name) {
            return allHeaders.containsKey(name) ? List.of(allHeaders.get(name)) : List.of();
        }

        @Override
        public byte[] body() {
            return new byte[0];
        }
    }

    private static boolean takes(Features node, Credentials credentials) {
        try {
            new Authentication(new DevelopmentTokens(), node.applicationStore).authenticate(Operation.Auth.TRIPLE, new Request(credentials));
            return true;
        } catch (ApiError refused) {
            assertEquals(401, refused.status());
            return false;
        }
    }

    @Test
    void credentialsThatAreUsedMeanwhileAreGoodForever() {
        Credentials used = before.application(user, project, ApplicationEnvironment.TEST).credentials();
        Credentials unused = before.application(user, project, ApplicationEnvironment.TEST).credentials();
        assertFalse(takes(after, used));
        assertTrue(takes(prepared, used));
        assertFalse(takes(after, used), "a node that is only prepared changes nothing");
        assertTrue(takes(during, used));
        assertTrue(takes(after, used));
        assertTrue(takes(prepared, used), "the nodes are not all changed at once");
        assertTrue(takes(during, used));
        assertTrue(takes(after, used));
        assertFalse(takes(during, new Credentials(unused.clientId(), used.clientSecret(), unused.apiKey())));
        assertTrue(after.applicationStore.findByApiKey(unused.apiKey()).isEmpty(), "only what is good is stored anew");
        assertFalse(takes(after, unused));
        assertTrue(takes(during, unused));
    }

    @Test
    void whatIsMadeWithTheNewOneIsGoodWithBoth() {
        Credentials made = during.application(user, project, ApplicationEnvironment.TEST).credentials();
        assertFalse(takes(before, made));
        assertTrue(takes(prepared, made));
        assertTrue(takes(during, made));
    }

    @Test
    void anOtpThatWasSentBeforeIsVerified() {
        Caller.Application caller = before.caller(ApplicationEnvironment.LIVE);
        String number = before.number();
        before.claim(user, number);
        String id = before.send(caller, number).id();
        String code = during.messages(user, number).getFirst().code();
        assertThrows(IllegalStateException.class, () -> after.messages(user, number));
        assertEquals(422, assertThrows(ApiError.class, () -> after.otp.verifyOtp(caller, new VerifyOtpRequest(id, code))).status());
        assertEquals(OtpRequestStatus.VERIFIED, during.otp.verifyOtp(caller, new VerifyOtpRequest(id, code)).status());
    }

    @Test
    void webhooksAreSealedAnew() {
        String application = before.application(user, project, ApplicationEnvironment.TEST).id();
        String webhook = before.webhooks.createWebhook(user, application, new CreateWebhookRequest("https://hooks.phone.dev/",
                List.of(SubscribableEvent.OTP_SENT))).id();
        assertFalse(after.webhookStore.reseal());
        assertThrows(IllegalStateException.class, () -> secret(after, webhook));
        String secret = secret(before, webhook);
        assertEquals(secret, secret(during, webhook));
        assertFalse(during.webhookStore.reseal());
        assertEquals(secret, secret(after, webhook));
    }

    private static String secret(Features node, String webhook) {
        byte[] sealed = node.database.execute().createGet("SELECT sealed_secret FROM webhook WHERE id = :id").addParam("id", webhook).execute().orElseThrow()
                .column(1).get(byte[].class);
        return new String(node.secrets.open(Secrets.Purpose.WEBHOOK_SECRET, sealed, webhook.getBytes(StandardCharsets.US_ASCII)), StandardCharsets.US_ASCII);
    }

    @Test
    void aRepeatedRequestIsRecognised() {
        Response first = run(before);
        assertFalse(first.replayed());
        assertTrue(run(during).replayed());
        assertEquals(first.json(), run(prepared).json());
        assertFalse(run(after).replayed());
    }

    private static Response run(Features node) {
        return new IdempotentRequests(node.database, node.secrets, () -> node.ids.next("rsv"), node.clock).run(Operations.CREATE_PROJECT, "somebody", "key",
                "/v1/projects", JsonValue.TRUE, () -> new Response(201, JsonValue.EMPTY_JSON_OBJECT, false));
    }

    @Test
    void aCursorOfBeforeIsGood() {
        String[] list = {"listProjects"};
        String cursor = new SignedCursors(before.secrets).write(list, "prj_1");
        assertEquals("prj_1", new SignedCursors(during.secrets).read(list, cursor));
        assertNull(new SignedCursors(after.secrets).read(list, cursor));
    }
}
