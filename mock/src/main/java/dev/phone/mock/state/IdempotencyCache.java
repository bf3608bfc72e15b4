// SPDX-License-Identifier: Apache-2.0
package dev.phone.mock.state;

import dev.phone.api.ApiError;
import dev.phone.api.Rules;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/** What was answered to requests with an Idempotency-Key. Guarded by its {@link Session}. */
public final class IdempotencyCache {
    private static final Duration KEPT = Rules.IDEMPOTENCY_KEPT;
    private static final int MOST = 10_000;

    /**
     * @param request its path and canonical body
     * @param sentAt until then it is still in flight
     */
    public record Replay(byte[] body, String request, Instant storedAt, Instant sentAt) {
    }

    private final Map<String, Replay> byKey = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Replay> eldest) {
            return size() > MOST;
        }
    };

    /**
     * What was answered to the first request; null when this is the first.
     *
     * @throws ApiError a 409 when the first is still in flight, a 422 when it was another request
     */
    public Replay find(String key, String request, Instant now) {
        Replay replay = byKey.get(key);
        if (replay == null) {
            return null;
        }
        if (!now.isBefore(replay.storedAt.plus(KEPT))) {
            byKey.remove(key);
            return null;
        }
        if (!request.equals(replay.request)) {
            throw ApiError.invalid("header:idempotency-key", "reused", "was used with another request");
        }
        if (now.isBefore(replay.sentAt)) {
            throw ApiError.conflict("A request with this Idempotency-Key is still in flight — retry when it has ended");
        }
        return replay;
    }

    public void store(String key, Replay replay) {
        byKey.put(key, replay);
    }
}
