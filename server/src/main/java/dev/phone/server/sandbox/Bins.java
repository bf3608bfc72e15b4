// SPDX-License-Identifier: Apache-2.0
package dev.phone.server.sandbox;

import dev.phone.api.Bin;
import dev.phone.api.BinEvent;
import dev.phone.api.BinReceipt;
import dev.phone.api.Codec;
import dev.phone.api.Operations;
import dev.phone.api.Rules;
import dev.phone.api.Schema;
import dev.phone.server.store.Database;
import dev.phone.server.store.Ids;
import dev.phone.server.store.Times;
import io.helidon.dbclient.DbExecute;
import io.helidon.dbclient.DbRow;
import jakarta.json.JsonReader;
import jakarta.json.JsonValue;
import jakarta.json.spi.JsonProvider;
import java.io.StringReader;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Echo bins in the database. An expired bin no longer exists for clients, whether or not the sweep has deleted it.
 *
 * <p>Anyone may create bins, so their number is bounded: beyond it, a new bin replaces the oldest.
 */
public final class Bins {
    private static final JsonProvider JSON = JsonProvider.provider();
    private static final int EVENTS = ((Schema.Items) ((Schema.Properties) Bin.SCHEMA).property("events")).maxItems();
    private static final int BATCH = 100;
    private static final String[] PATH = Operations.GET_BIN.path().split("\\{binId}", 2);

    private final Database database;
    private final Ids ids;
    private final Clock clock;
    private final int most;
    private final Supplier<String> url;

    /**
     * @param most the maximum number of bins, at least one
     * @param url supplies the public URL of this server, without a path
     */
    public Bins(Database database, Ids ids, Clock clock, int most, Supplier<String> url) {
        this.database = database;
        this.ids = ids;
        this.clock = clock;
        this.most = most;
        this.url = url;
    }

    Bin create() {
        Instant now = clock.instant();
        Bin bin = bin(ids.unguessable("bin"), now, now.plus(Rules.BINS_KEPT), List.of());
        return database.transaction(tx -> {
            insert(tx, bin);
            tx.createNamedDelete("bin.evict").addParam("id", bin.id()).addParam("most", most).execute();
            return bin;
        });
    }

    /** For the demo world: inserts a bin with its events. */
    public void insert(DbExecute tx, Bin bin) {
        tx.createNamedInsert("bin.insert")
                .addParam("id", bin.id())
                .addParam("createdAt", Times.toSql(bin.createdAt()))
                .addParam("expiresAt", Times.toSql(bin.expiresAt()))
                .execute();
        bin.events().forEach(event -> insert(tx, bin.id(), event));
    }

    private static void insert(DbExecute tx, String bin, BinEvent event) {
        tx.createNamedInsert("bin-event.insert")
                .addParam("id", event.id())
                .addParam("binId", bin)
                .addParam("receivedAt", Times.toSql(event.receivedAt()))
                .addParam("headers", Codec.mapOf((String value) -> Codec.text(value)).apply(event.headers()).toString())
                .addParam("body", event.body().toString())
                .execute();
    }

    /** The ID of the bin in a URL; empty if it is not the URL of a bin of this server. The bin itself may no longer exist. */
    public Optional<String> idOf(String link) {
        String prefix = url.get() + PATH[0];
        return Optional.of(link).filter(text -> text.startsWith(prefix)).map(text -> text.substring(prefix.length()))
                .filter(id -> id.startsWith("bin_") && id.indexOf('/') < 0 && id.indexOf('?') < 0 && id.indexOf('#') < 0);
    }

    /**
     * Adds a request to a bin; in a full bin it replaces the oldest ones.
     *
     * @param headers by lower-case name
     * @param body any JSON value, including {@link JsonValue#NULL}
     * @return empty if there is no such bin, or it has expired
     */
    public Optional<BinReceipt> deliver(String id, Map<String, String> headers, JsonValue body) {
        Instant now = clock.instant();
        BinEvent event = new BinEvent(ids.next("evt"), now, headers, body);
        return database.transaction(tx -> {
            // The bin is locked, so that concurrent deliveries cannot exceed its maximum.
            if (tx.createNamedGet("bin.lock").addParam("id", id).addParam("now", Times.toSql(now)).execute().isEmpty()) {
                return Optional.empty();
            }
            insert(tx, id, event);
            tx.createNamedDelete("bin-event.trim").addParam("binId", id).addParam("events", EVENTS).addParam("bytes", Rules.BINS_BYTES).execute();
            return Optional.of(new BinReceipt(event.id(), now));
        });
    }

    Optional<Bin> find(String id) {
        return database.transaction(tx -> tx.createNamedGet("bin.find").addParam("id", id).addParam("now", Times.toSql(clock.instant())).execute()
                .map(row -> bin(id, Times.read(row, "created_at"), Times.read(row, "expires_at"),
                        tx.createNamedQuery("bin-event.list").addParam("binId", id).execute().map(Bins::event).toList())));
    }

    private Bin bin(String id, Instant createdAt, Instant expiresAt, List<BinEvent> events) {
        return new Bin(id, url.get() + PATH[0] + id + PATH[1], createdAt, expiresAt, events);
    }

    private static BinEvent event(DbRow row) {
        return new BinEvent(
                row.column("id").get(String.class),
                Times.read(row, "received_at"),
                Codec.map(Codec::text).apply(parse(row.column("headers").get(String.class))),
                parse(row.column("body").get(String.class)));
    }

    private static JsonValue parse(String text) {
        try (JsonReader reader = JSON.createReader(new StringReader(text))) {
            return reader.readValue();
        }
    }

    /** Deletes a batch of expired bins. @return whether there may be more */
    public boolean sweep() {
        Instant now = clock.instant();
        return database.transaction(tx -> tx.createNamedDelete("bin.delete-expired").addParam("now", Times.toSql(now)).addParam("limit", BATCH)
                .execute()) == BATCH;
    }
}
