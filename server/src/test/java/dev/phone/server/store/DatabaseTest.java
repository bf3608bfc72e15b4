// SPDX-License-Identifier: Apache-2.0
package dev.phone.server.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.phone.server.Race;
import io.helidon.dbclient.DbExecute;
import io.helidon.dbclient.DbRow;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class DatabaseTest {
    private static final Instant NOW = Instant.parse("2026-01-15T09:30:00.123Z");

    private final TestDatabase kind;
    private final Database database;

    DatabaseTest(TestDatabase kind) {
        this.kind = kind;
        database = kind.open();
    }

    @AfterAll
    void close() {
        database.close();
    }

    @Test
    void whatThrowsWritesNothing() {
        RuntimeException why = new IllegalStateException("on purpose");
        assertSame(why, assertThrows(RuntimeException.class, () -> database.transaction(tx -> {
            insert(tx, "thrown");
            throw why;
        })));
        assertFalse(exists("thrown"));
    }

    @Test
    void anInnerTransactionIsPartOfTheOuterOne() {
        assertThrows(IllegalStateException.class, () -> database.transaction(outer -> {
            database.transaction(inner -> {
                insert(inner, "inner");
                return null;
            });
            assertTrue(exists("inner"), "a read in the transaction sees what it has written");
            throw new IllegalStateException("on purpose");
        }));
        assertFalse(exists("inner"));
    }

    @Test
    void anotherThreadHasItsOwnTransaction() throws Exception {
        database.transaction(tx -> {
            insert(tx, "unseen");
            boolean[] seen = {true};
            try {
                Thread.ofVirtual().start(() -> seen[0] = exists("unseen")).join();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
            assertFalse(seen[0]);
            return null;
        });
        assertTrue(exists("unseen"));
    }

    @Test
    void whoLosesARaceForAUniqueIndexBeginsAnew() {
        AtomicInteger begun = new AtomicInteger();
        AtomicInteger inserted = new AtomicInteger();
        for (Race.Outcome<Boolean> outcome : Race.run(i -> database.transaction(tx -> {
            begun.incrementAndGet();
            if (exists("raced")) {
                return false;
            }
            insert(tx, "raced");
            return true;
        }))) {
            assertNull(outcome.failure());
            inserted.addAndGet(outcome.result() ? 1 : 0);
        }
        assertEquals(1, inserted.get());
        assertTrue(begun.get() >= Race.THREADS);
    }

    @Test
    void timesComeBackAsTheyWere() {
        database.transaction(tx -> {
            insert(tx, "timed");
            return null;
        });
        DbRow row = database.execute()
                .createGet("SELECT created_at, CAST(NULL AS TIMESTAMP WITH TIME ZONE) AS never FROM project WHERE id = 'timed'")
                .execute().orElseThrow();
        assertEquals(NOW, Times.read(row, "created_at"));
        assertNull(Times.read(row, "never"));
        assertNull(Times.toSql(null));
    }

    @Test
    void itIsReadyWhileItAnswers() {
        assertTrue(database.isReady());
        Database closed = kind.open();
        closed.close();
        assertFalse(closed.isReady());
    }

    private static void insert(DbExecute tx, String id) {
        tx.createNamedInsert("project.insert").addParam("id", id).addParam("owner", "o").addParam("name", "n")
                .addParam("createdAt", Times.toSql(NOW.plusNanos(999))).addParam("updatedAt", Times.toSql(NOW)).execute();
    }

    private boolean exists(String id) {
        return database.execute().createNamedGet("project.find").addParam("id", id).addParam("owner", "o").execute().isPresent();
    }
}
