// SPDX-License-Identifier: Apache-2.0
package dev.phone.mock.wiremock;

import com.github.tomakehurst.wiremock.http.LoggedResponse;
import com.github.tomakehurst.wiremock.store.InMemoryRequestJournalStore;
import com.github.tomakehurst.wiremock.stubbing.ServeEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** WireMock's journal, which bounds the number of requests and knows nothing of their size or age. */
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
    public synchronized void put(java.util.UUID id, ServeEvent event) {
        super.put(id, event);
        shrink();
    }

    private void shrink() {
        Instant oldest = Instant.now().minus(KEPT);
        List<ServeEvent> kept = new ArrayList<>();
        long bytes = 0;
        for (ServeEvent event : getAll().toList()) {
            bytes += bytes(event);
            if (!kept.isEmpty() && (bytes > mostBytes || event.getRequest().getLoggedDate().toInstant().isBefore(oldest))) {
                break;
            }
            kept.add(event);
        }
        for (long surplus = getAll().count() - kept.size(); surplus > 0; surplus--) {
            removeLast();
        }
    }

    private static long bytes(ServeEvent event) {
        LoggedResponse response = event.getResponse();
        byte[] sent = response == null ? null : response.getBody();
        byte[] received = event.getRequest().getBody();
        return EVENT_BYTES + (sent == null ? 0 : sent.length) + (received == null ? 0 : 3L * received.length);
    }
}
