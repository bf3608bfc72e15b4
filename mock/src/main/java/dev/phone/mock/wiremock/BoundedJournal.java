// SPDX-License-Identifier: Apache-2.0
package dev.phone.mock.wiremock;

import com.github.tomakehurst.wiremock.http.LoggedResponse;
import com.github.tomakehurst.wiremock.store.InMemoryRequestJournalStore;
import com.github.tomakehurst.wiremock.stubbing.ServeEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/** WireMock's journal, which bounds the number of requests, bounded in bytes, too, and by how much older than the newest a request may be. */
final class BoundedJournal extends InMemoryRequestJournalStore {
    /** What a request and its response take in memory, besides their bodies. */
    private static final int EVENT_BYTES = 8_192;
    private static final Duration KEPT = Duration.ofHours(24);

    private final long mostBytes;

    BoundedJournal(long mostBytes) {
        this.mostBytes = mostBytes;
    }

    @Override
    public synchronized void add(ServeEvent event) {
        super.add(event);
        shrink();
    }

    /** A response has come. */
    @Override
    public synchronized void put(UUID id, ServeEvent event) {
        super.put(id, event);
        if (get(id).isPresent()) {
            shrink();
        }
    }

    private void shrink() {
        List<ServeEvent> all = getAll().toList();
        Instant oldest = loggedAt(all.getFirst()).minus(KEPT);
        long bytes = bytes(all.getFirst());
        int kept = 1;
        for (; kept < all.size() && !loggedAt(all.get(kept)).isBefore(oldest); kept++) {
            bytes += bytes(all.get(kept));
            if (bytes > mostBytes) {
                break;
            }
        }
        for (int surplus = all.size() - kept; surplus > 0; surplus--) {
            removeLast();
        }
    }

    private static Instant loggedAt(ServeEvent event) {
        return event.getRequest().getLoggedDate().toInstant();
    }

    private static long bytes(ServeEvent event) {
        LoggedResponse response = event.getResponse();
        byte[] sent = response == null ? null : response.getBody();
        byte[] received = event.getRequest().getBody();
        return EVENT_BYTES + (sent == null ? 0 : sent.length) + (received == null ? 0 : 3L * received.length);
    }
}
