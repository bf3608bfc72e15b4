// SPDX-License-Identifier: Apache-2.0
package dev.phone.server.number;

import dev.phone.api.ClaimedNumber;
import dev.phone.api.PageRequest;
import dev.phone.api.PhoneNumber;
import dev.phone.server.store.Database;
import dev.phone.server.store.SignedCursors;
import dev.phone.server.store.Times;
import io.helidon.dbclient.DbExecute;
import io.helidon.dbclient.DbRow;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Numbers and who owns them, in the database. */
public final class NumberStore {
    private final Database database;

    /** A number in a user's list. @param claimId the sort key of the list */
    record Claimed(String claimId, ClaimedNumber number) {
    }

    public NumberStore(Database database) {
        this.database = database;
    }

    /** Locks the number against claims and releases until the transaction ends. Empty if it has never been claimed. */
    Optional<Claim> lock(DbExecute tx, PhoneNumber number) {
        return tx.createNamedGet("number.lock").addParam("phoneNumber", number.text()).execute()
                .map(row -> new Claim(row.column("owner").get(String.class), Times.read(row, "released_at")));
    }

    /** The first claim of a number. Of two concurrent transactions, one must be retried. */
    public void insert(DbExecute tx, String owner, String claimId, ClaimedNumber number) {
        claim("number.insert", tx, owner, claimId, number);
    }

    void claimAgain(DbExecute tx, String owner, String claimId, ClaimedNumber number) {
        claim("number.claim-again", tx, owner, claimId, number);
    }

    private static void claim(String statement, DbExecute tx, String owner, String claimId, ClaimedNumber number) {
        tx.createNamedDmlStatement(statement)
                .addParam("phoneNumber", number.phoneNumber().text())
                .addParam("owner", owner)
                .addParam("claimId", claimId)
                .addParam("claimedAt", Times.toSql(number.createdAt()))
                .execute();
    }

    void release(DbExecute tx, PhoneNumber number, Instant now) {
        tx.createNamedUpdate("number.release")
                .addParam("phoneNumber", number.text())
                .addParam("releasedAt", Times.toSql(now))
                .execute();
    }

    Optional<ClaimedNumber> find(String owner, PhoneNumber number) {
        return database.execute().createNamedGet("number.find")
                .addParam("phoneNumber", number.text())
                .addParam("owner", owner)
                .execute().map(NumberStore::number);
    }

    boolean isClaimed(PhoneNumber number) {
        return database.execute().createNamedGet("number.is-claimed").addParam("phoneNumber", number.text()).execute().isPresent();
    }

    List<Claimed> list(String owner, PageRequest page) {
        return SignedCursors.select(page, database.execute().createNamedQuery("number.list"))
                .addParam("owner", owner)
                .execute().map(row -> new Claimed(row.column("claim_id").get(String.class), number(row))).toList();
    }

    private static ClaimedNumber number(DbRow row) {
        return new ClaimedNumber(new PhoneNumber(row.column("phone_number").get(String.class)), Times.read(row, "claimed_at"));
    }
}
