// SPDX-License-Identifier: Apache-2.0
package dev.phone.server.number;

import dev.phone.api.ApiError;
import dev.phone.api.Caller;
import dev.phone.api.ClaimNumberRequest;
import dev.phone.api.Message;
import dev.phone.api.MessagePage;
import dev.phone.api.Number;
import dev.phone.api.NumberEnvelope;
import dev.phone.api.NumberPage;
import dev.phone.api.NumbersService;
import dev.phone.api.Released;
import dev.phone.api.ReleasedEnvelope;
import dev.phone.server.store.Cursors;
import dev.phone.server.store.Database;
import dev.phone.server.store.Ids;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Numbers and their inboxes, for the user who owns them. */
public final class NumberEndpoint implements NumbersService {
    private final Database database;
    private final NumberStore numbers;
    private final Inbox inbox;
    private final Cursors cursors;
    private final Ids ids;
    private final Clock clock;

    public NumberEndpoint(Database database, NumberStore numbers, Inbox inbox, Cursors cursors, Ids ids, Clock clock) {
        this.database = database;
        this.numbers = numbers;
        this.inbox = inbox;
        this.cursors = cursors;
        this.ids = ids;
        this.clock = clock;
    }

    @Override
    public ListNumbersResponse listNumbers(Caller.User caller, Integer limit, String cursor) {
        Cursors.Listing listing = cursors.listing("listNumbers", caller.id());
        List<NumberStore.Claimed> found = numbers.list(caller.id(), listing.before(cursor), limit + 1);
        return new ListNumbersResponse.Status200(listing.page(found, limit, NumberStore.Claimed::claimId,
                (claimed, meta) -> new NumberPage(claimed.stream().map(NumberStore.Claimed::number).toList(), meta)));
    }

    @Override
    public ClaimNumberResponse claimNumber(Caller.User caller, ClaimNumberRequest request) {
        PhoneNumber number = PhoneNumber.of(request.phoneNumber());
        if (number.isReserved()) {
            throw ApiError.invalid("/phoneNumber", "reserved", "is in the reserved range +999 000 000 xxx");
        }
        Instant now = clock.instant();
        Number claimed = new Number(number.text(), now);
        return database.transaction(tx -> {
            Optional<Claim> before = numbers.lock(tx, number);
            if (before.isPresent()) {
                before.get().checkFree(now);
                numbers.claimAgain(tx, caller.id(), ids.next("num"), claimed);
            } else {
                numbers.insert(tx, caller.id(), ids.next("num"), claimed);
            }
            // What was sent before was not meant for the new owner.
            inbox.empty(tx, number);
            return new ClaimNumberResponse.Status201(new NumberEnvelope(claimed));
        });
    }

    @Override
    public GetNumberResponse getNumber(Caller.User caller, String phoneNumber) {
        return new GetNumberResponse.Status200(new NumberEnvelope(
                numbers.find(caller.id(), PhoneNumber.of(phoneNumber)).orElseThrow(ApiError::notFound)));
    }

    @Override
    public ReleaseNumberResponse releaseNumber(Caller.User caller, String phoneNumber) {
        PhoneNumber number = PhoneNumber.of(phoneNumber);
        return database.transaction(tx -> {
            numbers.lock(tx, number).filter(claim -> caller.id().equals(claim.owner())).orElseThrow(ApiError::notFound);
            numbers.release(tx, number, clock.instant());
            inbox.empty(tx, number);
            return new ReleaseNumberResponse.Status200(new ReleasedEnvelope(new Released(number.text(), true)));
        });
    }

    @Override
    public ListMessagesResponse listMessages(Caller.User caller, String phoneNumber, Integer limit, String cursor) {
        PhoneNumber number = PhoneNumber.of(phoneNumber);
        Cursors.Listing listing = cursors.listing("listMessages", caller.id(), number.text());
        String before = listing.before(cursor);
        numbers.find(caller.id(), number).orElseThrow(ApiError::notFound);
        List<Message> found = inbox.list(caller.id(), number, clock.instant(), before, limit + 1);
        return new ListMessagesResponse.Status200(listing.page(found, limit, Message::id, MessagePage::new));
    }
}
