// SPDX-License-Identifier: Apache-2.0
package dev.phone.mock.state;

import dev.phone.api.ApiError;
import dev.phone.api.Rules;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import java.util.function.LongConsumer;

/** The responses to requests with an Idempotency-Key. Guarded by its {@link Session}. */
public final class IdempotencyCache {
    private static final Duration KEPT = Rules.IDEMPOTENCY_KEPT;
    private static final int MOST = 10_000;
    /** The memory overhead of a response, in bytes. */
    private static final int ENTRY_BYTES = 500;

    /**
     * @param request a hash of its path and canonical body
     * @param sentAt the end of the first request; until then it is in flight
     */
    public record Replay(byte[] body, String request, Instant storedAt, Instant sentAt) {
    }

    private final SequencedMap<String, Replay> byKey = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Replay> eldest) {
            boolean gone = size() > MOST;
            if (gone) {
                hold.accept(-bytes(eldest.getKey(), eldest.getValue()));
            }
            return gone;
        }
    };
    private final LongConsumer hold;

    /** @param hold receives changes of the memory used, in bytes */
    IdempotencyCache(LongConsumer hold) {
        this.hold = hold;
    }

    /**
     * The response to the first request; null if this is the first.
     *
     * @throws ApiError a 409 if the first request is still in flight, a 422 if it was a different request
     */
    public Replay find(String key, String request, Instant now) {
        Replay replay = byKey.get(key);
        if (replay == null) {
            return null;
        }
        if (!now.isBefore(replay.storedAt.plus(KEPT))) {
            remove(key);
            return null;
        }
        if (!request.equals(replay.request)) {
            throw ApiError.keyReused();
        }
        if (now.isBefore(replay.sentAt)) {
            throw ApiError.inFlight();
        }
        return replay;
    }

    public void store(String key, Replay replay) {
        remove(key);
        byKey.put(key, replay);
        hold.accept(bytes(key, replay));
        while (!replay.storedAt.isBefore(byKey.firstEntry().getValue().storedAt.plus(KEPT))) {
            remove(byKey.firstEntry().getKey());
        }
    }

    /** Removes the oldest responses until this many bytes are freed or none is left. */
    void shrink(long bytes) {
        for (long free = 0; free < bytes && !byKey.isEmpty();) {
            String oldest = byKey.firstEntry().getKey();
            free += bytes(oldest, byKey.get(oldest));
            remove(oldest);
        }
    }

    private void remove(String key) {
        Replay replay = byKey.remove(key);
        if (replay != null) {
            hold.accept(-bytes(key, replay));
        }
    }

    private static long bytes(String key, Replay replay) {
        return ENTRY_BYTES + 2L * key.length() + 2L * replay.request.length() + replay.body.length;
    }
}
