// SPDX-License-Identifier: Apache-2.0
package dev.phone.server.otp;


import dev.phone.api.ApiError;
import dev.phone.api.Caller;
import dev.phone.api.ApplicationEnvironment;
import dev.phone.api.OtpRequest;
import dev.phone.api.OtpRequestReference;
import dev.phone.api.OtpRequestStatus;
import dev.phone.api.VerifyOtpRequest;
import dev.phone.server.Features;
import dev.phone.server.Race;
import dev.phone.server.store.TestDatabase;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * That it is the guards which make hold what RacesTest of the contract tests sees: without them, each of these races is lost.
 * {@link Race#THREADS} at once, up to ten times {@link Race#ROUNDS} times.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class OtpRaceTest {
    private final TestDatabase kind;

    OtpRaceTest(TestDatabase kind) {
        this.kind = kind;
    }

    @Test
    void withoutTheLockTooManyAttemptsAreCounted() {
        assertLost(TestDatabase.withoutLock("otp.lock"), OtpRaceTest::wrongCodes);
    }

    @Test
    void withoutTheLockACodeWorksTwice() {
        assertLost(TestDatabase.withoutLock("otp.lock"), OtpRaceTest::rightCodes);
    }

    @Test
    void withoutTheLockARequestEndsTwice() {
        assertLost(TestDatabase.withoutLock("otp.lock"), OtpRaceTest::verifyAndCancel);
    }

    @Test
    void withoutTheUniqueIndexThereAreSeveralActiveOtps() {
        // On H2, which cannot share it, the lock on the application would do as well.
        assertLost(TestDatabase.withoutLock("otp.lock-application"), "ALTER TABLE otp_request DROP CONSTRAINT otp_request_active",
                OtpRaceTest::sends);
    }

    @Test
    void withoutLockAndForeignKeyARequestOutlivesItsApplication() {
        assertLost(TestDatabase.withoutLock("otp.lock-application"), "ALTER TABLE otp_request DROP CONSTRAINT otp_request_application",
                OtpRaceTest::sendsAndDelete);
    }

    /** One race. @return what went wrong; null when nothing did */
    private interface OneRace {
        String run(Features phone);
    }

    private void assertLost(UnaryOperator<Map<String, String>> statements, OneRace race) {
        assertLost(statements, null, race);
    }

    /** @param change of the tables; null for none */
    private void assertLost(UnaryOperator<Map<String, String>> statements, String change, OneRace race) {
        try (Features unguarded = new Features(kind.open(statements))) {
            if (change != null) {
                unguarded.database.execute().createDmlStatement(change).execute();
            }
            Race.mustBeLost(() -> race.run(unguarded));
        }
    }

    private static String wrongCodes(Features phone) {
        Caller.Application caller = phone.caller(ApplicationEnvironment.TEST);
        OtpRequest sent = phone.send(caller, "+999 000 000 001");
        List<Race.Outcome<Object>> outcomes = Race.run(i -> phone.otp.verifyOtp(caller, new VerifyOtpRequest(sent.id(), "000000")));
        List<String> counted = refusals(outcomes).filter(details -> details.startsWith("INVALID_CODE")).sorted().toList();
        long exhausted = refusals(outcomes).filter("ATTEMPTS_EXHAUSTED 0"::equals).count();
        OtpRequest after = phone.get(caller, sent.id());
        boolean fine = counted.equals(List.of("INVALID_CODE 0", "INVALID_CODE 1", "INVALID_CODE 2", "INVALID_CODE 3", "INVALID_CODE 4"))
                && exhausted == Race.THREADS - 5 && after.status() == OtpRequestStatus.FAILED && after.attemptsRemaining() == 0;
        return fine ? null : counted + ", " + exhausted + " exhausted, " + others(outcomes) + ", " + after;
    }

    private static String rightCodes(Features phone) {
        Caller.Application caller = phone.caller(ApplicationEnvironment.TEST);
        OtpRequest sent = phone.send(caller, "+999 000 000 001");
        List<Race.Outcome<Object>> outcomes = Race.run(i -> phone.otp.verifyOtp(caller, new VerifyOtpRequest(sent.id(), "123456")));
        long verified = outcomes.stream().filter(outcome -> outcome.failure() == null).count();
        long refused = refusals(outcomes).filter("ALREADY_VERIFIED 5"::equals).count();
        return verified == 1 && refused == Race.THREADS - 1 ? null : verified + " verified, " + refused + " refused, " + others(outcomes);
    }

    private static String sends(Features phone) {
        Caller.Application caller = phone.caller(ApplicationEnvironment.LIVE);
        Caller.User owner = phone.user();
        String number = phone.number();
        phone.claim(owner, number);
        List<Race.Outcome<OtpRequest>> outcomes = Race.run(i -> phone.send(caller, number));
        List<OtpRequestStatus> statuses = outcomes.stream().filter(outcome -> outcome.failure() == null)
                .map(outcome -> phone.get(caller, outcome.result().id()).status()).toList();
        long pending = statuses.stream().filter(OtpRequestStatus.PENDING::equals).count();
        long superseded = statuses.stream().filter(OtpRequestStatus.SUPERSEDED::equals).count();
        int messages = phone.messages(owner, number).size();
        return pending == 1 && superseded == Race.THREADS - 1 && messages == 1 ? null
                : pending + " pending, " + superseded + " superseded, " + messages + " messages, " + others(outcomes);
    }

    private static String verifyAndCancel(Features phone) {
        Caller.Application caller = phone.caller(ApplicationEnvironment.TEST);
        OtpRequest sent = phone.send(caller, "+999 000 000 001");
        List<Race.Outcome<OtpRequest>> outcomes = Race.run(i -> i % 2 == 0
                ? phone.otp.verifyOtp(caller, new VerifyOtpRequest(sent.id(), "123456"))
                : phone.otp.cancelOtp(caller, new OtpRequestReference(sent.id())));
        List<OtpRequestStatus> ends = outcomes.stream().filter(outcome -> outcome.failure() == null)
                .map(outcome -> outcome.result().status()).toList();
        OtpRequestStatus end = phone.get(caller, sent.id()).status();
        return ends.equals(List.of(end)) ? null : ends + ", and in the end " + end + ", " + others(outcomes);
    }

    private static String sendsAndDelete(Features phone) {
        Caller.User user = phone.user();
        Caller.Application caller = Features.caller(phone.application(user, phone.project(user).id(), ApplicationEnvironment.LIVE));
        String number = phone.number();
        phone.claim(user, number);
        List<Race.Outcome<Object>> outcomes = Race.run(i -> switch (i % 4) {
            case 0 -> phone.send(caller, number);
            case 1 -> {
                phone.applications.deleteApplication(user, caller.id());
                yield "deleted";
            }
            default -> phone.send(caller, phone.number());
        });
        long deleted = outcomes.stream().filter(outcome -> "deleted".equals(outcome.result())).count();
        long requests = phone.count("SELECT COUNT(*) FROM otp_request WHERE application_id = '" + caller.id() + "'");
        int messages = phone.messages(user, number).size();
        return deleted == 1 && requests == 0 && messages == 0 && others(outcomes).isEmpty() ? null
                : deleted + " deleted, " + requests + " requests and " + messages + " messages left, " + others(outcomes);
    }

    private static Stream<String> refusals(List<? extends Race.Outcome<?>> outcomes) {
        return outcomes.stream().map(Race.Outcome::failure)
                .filter(failure -> failure instanceof ApiError error && error.status() == 422)
                .map(failure -> ((ApiError) failure).body().error().details())
                .map(details -> details.reason() + " " + details.attemptsRemaining());
    }

    private static List<String> others(List<? extends Race.Outcome<?>> outcomes) {
        return outcomes.stream().map(Race.Outcome::failure)
                .filter(failure -> failure != null && !(failure instanceof ApiError))
                .map(failure -> failure + " because of " + failure.getCause()).distinct().toList();
    }
}
