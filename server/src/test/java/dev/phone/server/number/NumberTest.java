// SPDX-License-Identifier: Apache-2.0
package dev.phone.server.number;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.phone.api.ApiError;
import dev.phone.api.Caller;
import dev.phone.api.ClaimNumberRequest;
import dev.phone.api.Environment;
import dev.phone.api.Message;
import dev.phone.api.MessagePage;
import dev.phone.api.Number;
import dev.phone.api.NumberPage;
import dev.phone.api.NumbersService;
import dev.phone.api.OtpRequest;
import dev.phone.api.UsersService;
import dev.phone.server.Features;
import dev.phone.server.Race;
import dev.phone.server.store.TestDatabase;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.function.Executable;

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
    void aFreeNumberBecomesTheUsers() {
        Caller.User user = phone.user();
        String number = phone.number();
        Number claimed = claim(user, number.replace(" ", ""));
        assertEquals(new Number(number, phone.clock.instant()), claimed);
        assertEquals(claimed, get(user, number.replace(" ", "")));
        assertEquals(List.of(claimed), list(user, 20, null).data());
    }

    @Test
    void aTakenNumberIsRefusedEvenToItsOwner() {
        Caller.User user = phone.user();
        String number = phone.number();
        claim(user, number);
        for (Caller.User anyone : List.of(phone.user(), user)) {
            ApiError error = assertThrows(ApiError.class, () -> claim(anyone, number));
            assertEquals(409, error.status());
            assertEquals("This number is taken", error.getMessage());
        }
    }

    @Test
    void aReleasedNumberRestsForThirtyDays() {
        Caller.User user = phone.user();
        String number = phone.number();
        claim(user, number);
        release(user, number);
        assertNotFound(() -> get(user, number));
        assertNotFound(() -> release(user, number));
        assertEquals(List.of(), list(user, 20, null).data());
        Caller.User other = phone.user();
        phone.clock.advance(Duration.ofDays(30).minusMillis(1));
        for (Caller.User anyone : List.of(other, user)) {
            ApiError error = assertThrows(ApiError.class, () -> claim(anyone, number));
            assertEquals(409, error.status());
            assertEquals("This number was released recently and rests for 30 days", error.getMessage());
        }
        phone.clock.advance(Duration.ofMillis(1));
        assertEquals(new Number(number, phone.clock.instant()), claim(other, number));
        assertNotFound(() -> get(user, number));
    }

    @Test
    void reservedNumbersCannotBeClaimed() {
        ApiError error = assertThrows(ApiError.class, () -> claim(phone.user(), "+999000000777"));
        assertEquals(422, error.status());
        assertEquals("Validation failed: /phoneNumber is in the reserved range +999 000 000 xxx", error.getMessage());
        assertEquals("reserved", error.body().error().details().violations().getFirst().rule());
    }

    @Test
    void somebodyElsesNumberIsNotFound() {
        String number = phone.number();
        claim(phone.user(), number);
        Caller.User stranger = phone.user();
        assertNotFound(() -> get(stranger, number));
        assertNotFound(() -> release(stranger, number));
        assertNotFound(() -> phone.messages(stranger, number));
        assertNotFound(() -> phone.messages(stranger, phone.number()));
    }

    @Test
    void aListIsReadPageByPageLastClaimFirst() {
        Caller.User user = phone.user();
        List<String> claimed = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            String number = phone.number();
            claim(user, number);
            claimed.addFirst(number);
        }
        List<String> read = new ArrayList<>();
        String cursor = null;
        do {
            NumberPage page = list(user, 2, cursor);
            page.data().forEach(number -> read.add(number.phoneNumber()));
            cursor = page.meta().nextCursor();
        } while (cursor != null);
        assertEquals(claimed, read);
    }

    @Test
    void applicationsLearnWhetherANumberHasAnOwner() {
        Caller.Application application = phone.caller(Environment.LIVE);
        Caller.User user = phone.user();
        String number = phone.number();
        assertNotFound(() -> phone.users.getUser(application, number));
        claim(user, number);
        var response = (UsersService.GetUserResponse.Status200) phone.users.getUser(application, number.replace(" ", ""));
        assertEquals(number, response.body().data().phoneNumber());
        assertTrue(response.body().data().registered());
        release(user, number);
        assertNotFound(() -> phone.users.getUser(application, number));
    }

    @Test
    void anOtpArrivesAtTheOwnersInbox() {
        Caller.Application application = phone.caller(Environment.LIVE);
        Caller.User user = phone.user();
        String number = phone.number();
        claim(user, number);
        OtpRequest sent = phone.send(application, number);
        Message message = phone.messages(user, number).getFirst();
        assertTrue(message.id().matches("msg_[0-9a-hjkmnp-tv-z]{26}"));
        assertTrue(message.code().matches("[0-9]{6}"));
        assertEquals(new Message(message.id(), number, "Checkout", message.code(), sent.createdAt(), sent.expiresAt()), message);
        assertEquals(1, phone.messages(user, number).size());
    }

    @Test
    void whatWasSentBeforeTheClaimIsNotTheNewOwners() {
        Caller.Application application = phone.caller(Environment.LIVE);
        String number = phone.number();
        phone.send(application, number);
        Caller.User first = phone.user();
        claim(first, number);
        assertEquals(List.of(), phone.messages(first, number));
        phone.send(application, number);
        assertEquals(1, phone.messages(first, number).size());
        release(first, number);
        phone.clock.advance(Duration.ofDays(30));
        phone.send(application, number);
        Caller.User second = phone.user();
        claim(second, number);
        assertEquals(List.of(), phone.messages(second, number));
    }

    @Test
    void whatWasSentBeforeStaysHiddenThoughItComesInLate() {
        // A send that was under way while the number was claimed: received before, written after.
        Caller.Application application = phone.caller(Environment.LIVE);
        Caller.User user = phone.user();
        String number = phone.number();
        OtpRequest sent = phone.send(application, number);
        phone.clock.advance(Duration.ofMillis(1));
        claim(user, number);
        phone.database.transaction(tx -> {
            phone.inbox.deliver(tx, sent.id(), new Message(phone.ids.next("msg"), number, "Checkout", "123456", sent.createdAt(), sent.expiresAt()));
            return null;
        });
        assertEquals(List.of(), phone.messages(user, number));
    }

    @Test
    void aMessageIsGoneWhenItsTimeIsOver() {
        Caller.Application application = phone.caller(Environment.LIVE);
        Caller.User user = phone.user();
        String number = phone.number();
        claim(user, number);
        phone.send(application, number);
        phone.clock.advance(Duration.ofMinutes(5).minusMillis(1));
        assertEquals(1, phone.messages(user, number).size());
        phone.clock.advance(Duration.ofMillis(1));
        assertEquals(0, phone.messages(user, number).size());
    }

    @Test
    void anInboxIsReadPageByPageNewestFirst() {
        Caller.User user = phone.user();
        String number = phone.number();
        claim(user, number);
        List<String> sent = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            phone.clock.advance(Duration.ofMillis(1));
            sent.addFirst(phone.send(phone.caller(Environment.LIVE), number).createdAt().toString());
        }
        List<String> read = new ArrayList<>();
        String cursor = null;
        do {
            MessagePage page = ((NumbersService.ListMessagesResponse.Status200) phone.numbers.listMessages(user, number, 2, cursor)).body();
            page.data().forEach(message -> read.add(message.receivedAt().toString()));
            cursor = page.meta().nextCursor();
        } while (cursor != null);
        assertEquals(sent, read);
    }

    @Test
    void noCodeIsInTheDatabase() {
        Caller.User user = phone.user();
        String number = phone.number();
        claim(user, number);
        phone.send(phone.caller(Environment.LIVE), number);
        String code = phone.messages(user, number).getFirst().code();
        byte[] sealed = phone.database.execute().createGet("SELECT sealed_code FROM message WHERE phone_number = :number")
                .addParam("number", number).execute().orElseThrow().column(1).get(byte[].class);
        assertFalse(new String(sealed, StandardCharsets.ISO_8859_1).contains(code));
    }

    @Test
    void aNumberHasOneOwnerHoweverManyClaimIt() {
        for (int round = 0; round < Race.ROUNDS; round++) {
            assertNull(claims(phone, phone.number()), "round " + round);
        }
    }

    @Test
    void aRestedNumberHasOneOwnerHoweverManyClaimIt() {
        for (int round = 0; round < Race.ROUNDS; round++) {
            assertNull(claimsOfRested(phone), "round " + round);
        }
    }

    @Test
    void withoutTheUniqueIndexTheFirstClaimIsWonTwice() {
        try (Features unguarded = new Features(kind.open())) {
            unguarded.database.execute().createDmlStatement("ALTER TABLE number DROP CONSTRAINT number_one_row").execute();
            assertTrue(IntStream.range(0, 10 * Race.ROUNDS).anyMatch(round -> claims(unguarded, unguarded.number()) != null),
                    "the guard changes nothing");
        }
    }

    @Test
    void withoutTheLockALaterClaimIsWonTwice() {
        try (Features unguarded = new Features(kind.open(TestDatabase.withoutLock("number.lock")))) {
            assertTrue(IntStream.range(0, 10 * Race.ROUNDS).anyMatch(round -> claimsOfRested(unguarded) != null), "the guard changes nothing");
        }
    }

    private static String claimsOfRested(Features phone) {
        Caller.User before = phone.user();
        String number = phone.number();
        phone.claim(before, number);
        phone.numbers.releaseNumber(before, number);
        phone.clock.advance(Duration.ofDays(30));
        return claims(phone, number);
    }

    /** Each claims the number for a user of its own. @return what went wrong; null when nothing did */
    private static String claims(Features phone, String number) {
        List<Caller.User> users = IntStream.range(0, Race.THREADS).mapToObj(i -> phone.user()).toList();
        List<Race.Outcome<Object>> outcomes = Race.run(i -> phone.numbers.claimNumber(users.get(i), new ClaimNumberRequest(number)));
        List<Caller.User> winners = IntStream.range(0, Race.THREADS).filter(i -> outcomes.get(i).failure() == null).mapToObj(users::get).toList();
        long refused = outcomes.stream().filter(outcome -> outcome.failure() instanceof ApiError error && error.status() == 409).count();
        boolean fine = winners.size() == 1 && refused == Race.THREADS - 1
                && phone.numbers.getNumber(winners.getFirst(), number) != null;
        return fine ? null : winners + " won, " + refused + " refused";
    }

    private Number claim(Caller.User user, String number) {
        return ((NumbersService.ClaimNumberResponse.Status201) phone.numbers.claimNumber(user, new ClaimNumberRequest(number))).body().data();
    }

    private void release(Caller.User user, String number) {
        var response = (NumbersService.ReleaseNumberResponse.Status200) phone.numbers.releaseNumber(user, number);
        assertEquals(number, response.body().data().phoneNumber());
        assertTrue(response.body().data().released());
    }

    private Number get(Caller.User user, String number) {
        return ((NumbersService.GetNumberResponse.Status200) phone.numbers.getNumber(user, number)).body().data();
    }

    private NumberPage list(Caller.User user, int limit, String cursor) {
        return ((NumbersService.ListNumbersResponse.Status200) phone.numbers.listNumbers(user, limit, cursor)).body();
    }

    private static void assertNotFound(Executable request) {
        assertEquals(404, assertThrows(ApiError.class, request).status());
    }
}
