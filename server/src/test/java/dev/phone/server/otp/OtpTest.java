// SPDX-License-Identifier: Apache-2.0
package dev.phone.server.otp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.phone.api.ApiError;
import dev.phone.api.ApplicationWithCredentials;
import dev.phone.api.Caller;
import dev.phone.api.Environment;
import dev.phone.api.Message;
import dev.phone.api.OtpRequest;
import dev.phone.api.OtpRequestPage;
import dev.phone.api.OtpRequestReference;
import dev.phone.api.OtpRequestStatus;
import dev.phone.api.OtpRequestsService;
import dev.phone.api.OtpService;
import dev.phone.api.SendOtpRequest;
import dev.phone.api.VerificationFailure;
import dev.phone.api.VerifyOtpRequest;
import dev.phone.server.Features;
import dev.phone.server.store.TestDatabase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.function.Executable;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class OtpTest {
    private final Features phone;
    private final Caller.User user;
    private final String projectId;

    OtpTest(TestDatabase kind) {
        phone = new Features(kind.open());
        user = phone.user();
        projectId = phone.project(user).id();
    }

    @AfterAll
    void close() {
        phone.close();
    }

    private Caller.Application caller(Environment environment) {
        return Features.caller(phone.application(user, projectId, environment));
    }

    @Test
    void aSentOtpIsFoundAsItWasAnswered() {
        Caller.Application caller = caller(Environment.LIVE);
        Map<String, String> metadata = new LinkedHashMap<>();
        metadata.put("zuletzt", "\"quoted\" \\ – 📱");
        metadata.put("", "");
        var response = (OtpService.SendOtpResponse.Status201) phone.otp.sendOtp(caller, new SendOtpRequest("+999700100200", metadata));
        OtpRequest sent = response.body().data();
        assertEquals(new OtpRequest(sent.id(), caller.id(), "+999 700 100 200", OtpRequestStatus.PENDING, 5, metadata, phone.clock.instant(),
                phone.clock.instant().plusSeconds(300), null), sent);
        assertEquals(sent, phone.get(caller, sent.id()));
        assertEquals(List.copyOf(metadata.keySet()), List.copyOf(phone.get(caller, sent.id()).metadata().keySet()));
        assertEquals(sent, getOfOwner(user, sent.id()));
    }

    @Test
    void theCodeFromTheInboxVerifiesOnce() {
        Caller.Application caller = caller(Environment.LIVE);
        String number = claimed();
        OtpRequest sent = phone.send(caller, number);
        String code = code(number);
        phone.clock.advance(Duration.ofSeconds(7));
        OtpRequest verified = verify(caller, sent.id(), code);
        assertEquals(OtpRequestStatus.VERIFIED, verified.status());
        assertEquals(phone.clock.instant(), verified.verifiedAt());
        assertEquals(verified, phone.get(caller, sent.id()));
        assertEquals(List.of(), phone.messages(user, number), "the message is gone");
        assertRefused(caller, sent.id(), code, VerificationFailure.ALREADY_VERIFIED, 5);
    }

    @Test
    void wrongCodesAreCountedThoughTheyAreRefused() {
        Caller.Application caller = caller(Environment.LIVE);
        String number = claimed();
        OtpRequest sent = phone.send(caller, number);
        String code = code(number);
        for (int remaining = 4; remaining >= 0; remaining--) {
            assertRefused(caller, sent.id(), wrong(code), VerificationFailure.INVALID_CODE, remaining);
            assertEquals(remaining, phone.get(caller, sent.id()).attemptsRemaining());
        }
        assertEquals(OtpRequestStatus.FAILED, phone.get(caller, sent.id()).status());
        assertEquals(List.of(), phone.messages(user, number));
        assertRefused(caller, sent.id(), code, VerificationFailure.ATTEMPTS_EXHAUSTED, 0);
    }

    @Test
    void expiryIsSeenAtTheMomentOfUseWhereverItIsLookedAt() {
        ApplicationWithCredentials application = phone.application(user, projectId, Environment.LIVE);
        Caller.Application caller = Features.caller(application);
        String number = claimed();
        OtpRequest sent = phone.send(caller, number);
        String code = code(number);
        phone.clock.advance(Duration.ofMinutes(5));
        assertEquals(OtpRequestStatus.EXPIRED, phone.get(caller, sent.id()).status());
        assertEquals(OtpRequestStatus.EXPIRED, getOfOwner(user, sent.id()).status());
        assertEquals(List.of(sent.id()), ids(list(application.id(), OtpRequestStatus.EXPIRED, null)));
        assertEquals(OtpRequestStatus.EXPIRED, list(application.id(), null, null).data().getFirst().status());
        assertEquals(List.of(), ids(list(application.id(), OtpRequestStatus.PENDING, null)));
        assertRefused(caller, sent.id(), code, VerificationFailure.EXPIRED, 5);
        assertConflict("Only a pending OTP can be resent — this one is expired",
                () -> phone.otp.resendOtp(caller, new OtpRequestReference(sent.id())));
        assertConflict("Only a pending OTP can be cancelled — this one is expired",
                () -> phone.otp.cancelOtp(caller, new OtpRequestReference(sent.id())));
        assertEquals("pending", stored(sent.id()), "nobody has written it down yet");
    }

    @Test
    void theSweepWritesExpiryDownAndClearsTheInbox() {
        Caller.Application caller = caller(Environment.LIVE);
        List<String> sent = new ArrayList<>();
        for (int i = 0; i < 101; i++) {
            sent.add(phone.send(caller, phone.number()).id());
        }
        phone.clock.advance(Duration.ofMinutes(5).minusMillis(1));
        OtpRequest young = phone.send(caller, phone.number());
        while (phone.expiry.sweep()) {
            // The next batch.
        }
        assertEquals("pending", stored(sent.getFirst()));
        phone.clock.advance(Duration.ofMillis(1));
        assertTrue(phone.expiry.sweep(), "there is more than one batch");
        assertFalse(phone.expiry.sweep());
        for (String id : sent) {
            assertEquals("expired", stored(id));
            assertEquals(OtpRequestStatus.EXPIRED, phone.get(caller, id).status());
        }
        assertEquals(0, phone.count("SELECT COUNT(*) FROM message WHERE otp_request_id = '" + sent.getFirst() + "'"));
        assertEquals("pending", stored(young.id()));
        assertEquals(1, phone.count("SELECT COUNT(*) FROM message WHERE otp_request_id = '" + young.id() + "'"));
    }

    @Test
    void theSweepLeavesAloneWhatSomebodyIsAt() throws Exception {
        Caller.Application caller = caller(Environment.LIVE);
        OtpRequest held = phone.send(caller, phone.number());
        OtpRequest free = phone.send(caller, phone.number());
        phone.clock.advance(Duration.ofMinutes(5));
        phone.database.transaction(tx -> {
            phone.otpStore.lock(tx, caller.id(), held.id());
            try {
                Thread.ofVirtual().start(() -> phone.expiry.sweep()).join(Duration.ofSeconds(5));
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
            return null;
        });
        assertEquals("expired", stored(free.id()));
        assertEquals("pending", stored(held.id()));
        phone.expiry.sweep();
        assertEquals("expired", stored(held.id()));
    }

    @Test
    void aNewerOtpSupersedesTheOlderOne() {
        Caller.Application caller = caller(Environment.LIVE);
        Caller.Application other = caller(Environment.LIVE);
        String number = claimed();
        OtpRequest elsewhere = phone.send(other, number);
        OtpRequest first = phone.send(caller, number);
        String code = phone.messages(user, number).getFirst().code();
        OtpRequest second = phone.send(caller, number.replace(" ", ""));
        assertEquals(OtpRequestStatus.SUPERSEDED, phone.get(caller, first.id()).status());
        assertEquals(OtpRequestStatus.PENDING, phone.get(caller, second.id()).status());
        assertEquals(OtpRequestStatus.PENDING, phone.get(other, elsewhere.id()).status(), "another application's is its own");
        assertEquals(2, phone.messages(user, number).size());
        assertRefused(caller, first.id(), code, VerificationFailure.SUPERSEDED, 5);
    }

    @Test
    void whatIsOverIsNotSuperseded() {
        Caller.Application caller = caller(Environment.LIVE);
        String number = claimed();
        OtpRequest expired = phone.send(caller, number);
        phone.clock.advance(Duration.ofMinutes(5));
        OtpRequest verified = phone.send(caller, number);
        verify(caller, verified.id(), code(number));
        OtpRequest cancelled = phone.send(caller, number);
        phone.otp.cancelOtp(caller, new OtpRequestReference(cancelled.id()));
        phone.send(caller, number);
        assertEquals("expired", stored(expired.id()));
        assertEquals("verified", stored(verified.id()));
        assertEquals("cancelled", stored(cancelled.id()));
    }

    @Test
    void resendingSendsANewCodeForTheSameRequest() {
        Caller.Application caller = caller(Environment.LIVE);
        String number = claimed();
        OtpRequest sent = phone.send(caller, number);
        Message first = phone.messages(user, number).getFirst();
        assertRefused(caller, sent.id(), wrong(first.code()), VerificationFailure.INVALID_CODE, 4);
        phone.clock.advance(Duration.ofMinutes(4));
        var response = (OtpService.ResendOtpResponse.Status200) phone.otp.resendOtp(caller, new OtpRequestReference(sent.id()));
        OtpRequest resent = response.body().data();
        assertEquals(phone.clock.instant().plusSeconds(300), resent.expiresAt());
        assertEquals(4, resent.attemptsRemaining());
        assertEquals(resent, phone.get(caller, sent.id()));
        List<Message> messages = phone.messages(user, number);
        assertEquals(1, messages.size());
        Message second = messages.getFirst();
        assertNotEquals(first.id(), second.id());
        assertEquals(phone.clock.instant(), second.receivedAt());
        phone.clock.advance(Duration.ofMinutes(4));
        if (!first.code().equals(second.code())) {
            assertRefused(caller, sent.id(), first.code(), VerificationFailure.INVALID_CODE, 3);
        }
        assertEquals(OtpRequestStatus.VERIFIED, verify(caller, sent.id(), second.code()).status());
    }

    @Test
    void aCancelledOtpIsWorthless() {
        Caller.Application caller = caller(Environment.LIVE);
        String number = claimed();
        OtpRequest sent = phone.send(caller, number);
        String code = code(number);
        var response = (OtpService.CancelOtpResponse.Status200) phone.otp.cancelOtp(caller, new OtpRequestReference(sent.id()));
        assertEquals(OtpRequestStatus.CANCELLED, response.body().data().status());
        assertEquals(response.body().data(), phone.get(caller, sent.id()));
        assertEquals(List.of(), phone.messages(user, number));
        assertRefused(caller, sent.id(), code, VerificationFailure.CANCELLED, 5);
        assertConflict("Only a pending OTP can be cancelled — this one is cancelled",
                () -> phone.otp.cancelOtp(caller, new OtpRequestReference(sent.id())));
    }

    @Test
    void anotherApplicationsRequestIsNotFound() {
        Caller.Application caller = caller(Environment.LIVE);
        Caller.Application sibling = caller(Environment.LIVE);
        OtpRequest sent = phone.send(caller, phone.number());
        OtpRequestReference reference = new OtpRequestReference(sent.id());
        assertNotFound(() -> phone.otp.getOtp(sibling, sent.id()));
        assertNotFound(() -> phone.otp.verifyOtp(sibling, new VerifyOtpRequest(sent.id(), "123456")));
        assertNotFound(() -> phone.otp.resendOtp(sibling, reference));
        assertNotFound(() -> phone.otp.cancelOtp(sibling, reference));
        Caller.User stranger = phone.user();
        assertNotFound(() -> phone.otpRequests.getOtpRequest(stranger, sent.id()));
        assertNotFound(() -> phone.otpRequests.listOtpRequests(stranger, caller.id(), 20, null, null, null));
        assertEquals(sent, phone.get(caller, sent.id()), "and nothing has happened to it");
    }

    @Test
    void testNumbersDoWhatTheDocumentationSays() {
        Caller.Application caller = caller(Environment.TEST);
        OtpRequest same = phone.send(caller, "+999000000001");
        phone.otp.resendOtp(caller, new OtpRequestReference(same.id()));
        assertEquals(OtpRequestStatus.VERIFIED, verify(caller, same.id(), "123456").status());

        OtpRequest expired = phone.send(caller, "+999 000 000 410");
        assertEquals(OtpRequestStatus.EXPIRED, expired.status());
        assertEquals(expired, phone.get(caller, expired.id()));
        assertRefused(caller, expired.id(), "000000", VerificationFailure.EXPIRED, 5);
        phone.send(caller, "+999 000 000 410");

        OtpRequest last = phone.send(caller, "+999 000 000 005");
        assertEquals(1, last.attemptsRemaining());
        assertEquals(429, assertThrows(ApiError.class, () -> phone.send(caller, "+999 000 000 429")).status());
        assertEquals(500, assertThrows(ApiError.class, () -> phone.send(caller, "+999 000 000 500")).status());
    }

    @Test
    void withLiveCredentialsTestNumbersArePlainNumbers() {
        Caller.Application caller = caller(Environment.LIVE);
        for (String number : List.of("+999 000 000 001", "+999 000 000 410", "+999 000 000 005", "+999 000 000 429", "+999 000 000 500")) {
            OtpRequest sent = phone.send(caller, number);
            assertEquals(OtpRequestStatus.PENDING, sent.status());
            assertEquals(5, sent.attemptsRemaining());
        }
    }

    @Test
    void aClaimedAndAnUnclaimedNumberAreServedTheSame() {
        Caller.Application caller = caller(Environment.LIVE);
        for (String number : List.of(claimed(), phone.number())) {
            OtpRequest sent = phone.send(caller, number);
            assertEquals(1, phone.count("SELECT COUNT(*) FROM message WHERE otp_request_id = '" + sent.id() + "'"));
        }
    }

    @Test
    void aListIsFilteredAndReadPageByPage() {
        ApplicationWithCredentials application = phone.application(user, projectId, Environment.LIVE);
        Caller.Application caller = Features.caller(application);
        String number = phone.number();
        List<String> toNumber = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            toNumber.addFirst(phone.send(caller, number).id());
            phone.send(caller, phone.number());
        }
        assertEquals(10, list(application.id(), null, null).data().size());
        assertEquals(toNumber, ids(list(application.id(), null, number.replace(" ", ""))));
        assertEquals(toNumber.subList(0, 1), ids(list(application.id(), OtpRequestStatus.PENDING, number)));
        assertEquals(toNumber.subList(1, 5), ids(list(application.id(), OtpRequestStatus.SUPERSEDED, number)));
        List<String> read = new ArrayList<>();
        String cursor = null;
        do {
            OtpRequestPage page = list(application.id(), 2, cursor, null, number);
            read.addAll(ids(page));
            cursor = page.meta().nextCursor();
        } while (cursor != null);
        assertEquals(toNumber, read);
        String other = list(application.id(), 2, null, null, number).meta().nextCursor();
        assertEquals(422, assertThrows(ApiError.class, () -> list(application.id(), 2, other, OtpRequestStatus.PENDING, number)).status());
    }

    @Test
    void noCodeIsInTheDatabase() {
        Caller.Application caller = caller(Environment.TEST);
        String one = phone.send(caller, "+999 000 000 001").id();
        String other = phone.send(caller(Environment.TEST), "+999 000 000 001").id();
        byte[] first = hash(one);
        byte[] second = hash(other);
        assertEquals(32, first.length);
        assertFalse(Arrays.equals(first, second), "equal codes look different");
    }

    private byte[] hash(String id) {
        return phone.database.execute().createGet("SELECT code_hash FROM otp_request WHERE id = :id").addParam("id", id).execute().orElseThrow()
                .column(1).get(byte[].class);
    }

    private String stored(String id) {
        return phone.database.execute().createGet("SELECT status FROM otp_request WHERE id = :id").addParam("id", id).execute().orElseThrow()
                .column(1).get(String.class);
    }

    private String claimed() {
        String number = phone.number();
        phone.claim(user, number);
        return number;
    }

    private String code(String number) {
        return phone.messages(user, number).getFirst().code();
    }

    private static String wrong(String code) {
        return code.equals("000000") ? "000001" : "000000";
    }

    private OtpRequest verify(Caller.Application caller, String id, String code) {
        return ((OtpService.VerifyOtpResponse.Status200) phone.otp.verifyOtp(caller, new VerifyOtpRequest(id, code))).body().data();
    }

    private OtpRequest getOfOwner(Caller.User owner, String id) {
        return ((OtpRequestsService.GetOtpRequestResponse.Status200) phone.otpRequests.getOtpRequest(owner, id)).body().data();
    }

    private OtpRequestPage list(String applicationId, OtpRequestStatus status, String number) {
        OtpRequestPage page = list(applicationId, 100, null, status, number);
        assertNull(page.meta().nextCursor());
        return page;
    }

    private OtpRequestPage list(String applicationId, int limit, String cursor, OtpRequestStatus status, String number) {
        return ((OtpRequestsService.ListOtpRequestsResponse.Status200) phone.otpRequests.listOtpRequests(user, applicationId, limit, cursor,
                status, number)).body();
    }

    private static List<String> ids(OtpRequestPage page) {
        return page.data().stream().map(OtpRequest::id).toList();
    }

    private void assertRefused(Caller.Application caller, String id, String code, VerificationFailure reason, int remaining) {
        ApiError error = assertThrows(ApiError.class, () -> phone.otp.verifyOtp(caller, new VerifyOtpRequest(id, code)));
        assertEquals(reason, error.body().error().details().reason());
        assertEquals(remaining, error.body().error().details().attemptsRemaining());
    }

    private static void assertConflict(String message, Executable request) {
        ApiError error = assertThrows(ApiError.class, request);
        assertEquals(409, error.status());
        assertEquals(message, error.getMessage());
    }

    private static void assertNotFound(Executable request) {
        assertEquals(404, assertThrows(ApiError.class, request).status());
    }
}
