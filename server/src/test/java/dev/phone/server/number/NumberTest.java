// SPDX-License-Identifier: Apache-2.0
package dev.phone.server.number;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.phone.api.ApiError;
import dev.phone.api.Caller;
import dev.phone.api.ClaimNumberRequest;
import dev.phone.api.ApplicationEnvironment;
import dev.phone.api.Message;
import dev.phone.api.OtpRequest;
import dev.phone.api.PhoneNumber;
import dev.phone.server.Features;
import dev.phone.server.Race;
import dev.phone.server.store.TestDatabase;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class NumberTest {
    private final TestDatabase kind;
    private final Features phone;

    NumberTest(TestDatabase kind) {
        this.kind = kind;
        this.phone = new Features(kind.open());
    }

    @AfterAll
    void close() {
        phone.close();
    }

    @Test
    void whatWasSentBeforeStaysHiddenThoughItComesInLate() {
        // A send that was under way while the number was claimed: received before, written after.
        Caller.Application application = phone.caller(ApplicationEnvironment.LIVE);
        Caller.User user = phone.user();
        String number = phone.number();
        OtpRequest sent = phone.send(application, number);
        phone.clock.advance(Duration.ofMillis(1));
        phone.claim(user, number);
        phone.database.transaction(tx -> {
            phone.inbox.deliver(tx, sent.id(), new Message(phone.ids.next("msg"), PhoneNumber.of(number), "Checkout", "123456", sent.createdAt(),
                    sent.expiresAt()));
            return null;
        });
        assertEquals(List.of(), phone.messages(user, number));
    }

    @Test
    void noCodeIsInTheDatabase() {
        Caller.User user = phone.user();
        String number = phone.number();
        phone.claim(user, number);
        phone.send(phone.caller(ApplicationEnvironment.LIVE), number);
        String code = phone.messages(user, number).getFirst().code();
        byte[] sealed = phone.database.execute().createGet("SELECT sealed_code FROM message WHERE phone_number = :number")
                .addParam("number", number).execute().orElseThrow().column(1).get(byte[].class);
        assertFalse(new String(sealed, StandardCharsets.ISO_8859_1).contains(code));
    }

    @Test
    void withoutTheUniqueIndexTheFirstClaimIsWonTwice() {
        try (Features unguarded = new Features(kind.open())) {
            unguarded.database.execute().createDmlStatement("ALTER TABLE number DROP CONSTRAINT number_one_row").execute();
            Race.mustBeLost(() -> claims(unguarded, unguarded.number()));
        }
    }

    @Test
    void withoutTheLockALaterClaimIsWonTwice() {
        try (Features unguarded = new Features(kind.open(TestDatabase.withoutLock("number.lock")))) {
            Race.mustBeLost(() -> claimsOfRested(unguarded));
        }
    }

    private static String claimsOfRested(Features phone) {
        Caller.User before = phone.user();
        String number = phone.number();
        phone.claim(before, number);
        phone.numbers.releaseNumber(before, PhoneNumber.of(number));
        phone.clock.advance(Duration.ofDays(30));
        return claims(phone, number);
    }

    /** Each claims the number for a user of its own. @return what went wrong; null when nothing did */
    private static String claims(Features phone, String number) {
        List<Caller.User> users = IntStream.range(0, Race.THREADS).mapToObj(i -> phone.user()).toList();
        List<Race.Outcome<Object>> outcomes = Race.run(i -> phone.numbers.claimNumber(users.get(i), new ClaimNumberRequest(PhoneNumber.of(number))));
        List<Caller.User> winners = IntStream.range(0, Race.THREADS).filter(i -> outcomes.get(i).failure() == null).mapToObj(users::get).toList();
        long refused = outcomes.stream().filter(outcome -> outcome.failure() instanceof ApiError error && error.status() == 409).count();
        boolean fine = winners.size() == 1 && refused == Race.THREADS - 1
                && phone.numbers.getNumber(winners.getFirst(), PhoneNumber.of(number)) != null;
        return fine ? null : winners + " won, " + refused + " refused";
    }
}
