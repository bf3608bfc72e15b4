// SPDX-License-Identifier: Apache-2.0
package dev.phone.server.number;

import dev.phone.api.ApiError;
import dev.phone.api.Caller;
import dev.phone.api.ClaimNumberRequest;
import dev.phone.api.ClaimedNumber;
import dev.phone.api.Message;
import dev.phone.api.NumbersService;
import dev.phone.api.Page;
import dev.phone.api.PageRequest;
import dev.phone.api.PhoneNumber;
import dev.phone.server.store.Database;
import dev.phone.server.store.Ids;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;

/** Numbers and their inboxes, for the user who owns them. */
public final class NumberEndpoint implements NumbersService {
    private final Database database;
    private final NumberStore numbers;
    private final Inbox inbox;
    private final Ids ids;
    private final Clock clock;

    public NumberEndpoint(Database database, NumberStore numbers, Inbox inbox, Ids ids, Clock clock) {
        this.database = database;
        this.numbers = numbers;
        this.inbox = inbox;
        this.ids = ids;
        this.clock = clock;
    }

    @Override
    public Page<ClaimedNumber> listNumbers(Caller.User caller, PageRequest page) {
        return page.of(numbers.list(caller.id(), page), NumberStore.Claimed::claimId).map(NumberStore.Claimed::number);
    }

    @Override
    public ClaimedNumber claimNumber(Caller.User caller, ClaimNumberRequest request) {
        PhoneNumber number = request.phoneNumber();
        if (number.isReserved()) {
            throw ApiError.invalid("/phoneNumber", "reserved", "is in the reserved range +999 000 000 xxx");
        }
        Instant now = clock.instant();
        ClaimedNumber claimed = new ClaimedNumber(number, now);
        return database.transaction(tx -> {
            Optional<Claim> before = numbers.lock(tx, number);
            if (before.isPresent()) {
                before.get().checkFree(now);
                numbers.claimAgain(tx, caller.id(), ids.next("num"), claimed);
            } else {
                numbers.insert(tx, caller.id(), ids.next("num"), claimed);
            }
            // Earlier messages are not for the new owner.
            inbox.empty(tx, number);
            return claimed;
        });
    }

    @Override
    public ClaimedNumber getNumber(Caller.User caller, PhoneNumber number) {
        return numbers.find(caller.id(), number).orElseThrow(ApiError::notFound);
    }

    @Override
    public void releaseNumber(Caller.User caller, PhoneNumber number) {
        database.transaction(tx -> {
            numbers.lock(tx, number).filter(claim -> caller.id().equals(claim.owner())).orElseThrow(ApiError::notFound);
            numbers.release(tx, number, clock.instant());
            inbox.empty(tx, number);
            return null;
        });
    }

    @Override
    public Page<Message> listMessages(Caller.User caller, PhoneNumber number, PageRequest page) {
        numbers.find(caller.id(), number).orElseThrow(ApiError::notFound);
        return page.of(inbox.list(caller.id(), number, clock.instant(), page), Message::id);
    }
}
