// SPDX-License-Identifier: Apache-2.0
package dev.phone.mock.wiremock;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.github.tomakehurst.wiremock.common.Json;
import com.github.tomakehurst.wiremock.stubbing.ServeEvent;
import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BoundedJournalTest {
    private static ServeEvent event(String url, int bytes, Instant when) {
        return ServeEvent.ofUnmatched(Json.read("{\"url\": \"" + url + "\", \"method\": \"GET\", \"loggedDate\": " + when.toEpochMilli() + ", \"bodyAsBase64\": \""
                + "AAAA".repeat(bytes / 3) + "\"}", LoggedRequest.class), null);
    }

    private static List<String> urls(BoundedJournal journal) {
        return journal.getAll().map(each -> each.getRequest().getUrl()).toList();
    }

    @Test
    void theOldestGiveWayToManyBytes() {
        BoundedJournal journal = new BoundedJournal(1_000, 200_000, request -> true, () -> false);
        for (int i = 0; i < 10; i++) {
            journal.add(event("/" + i, 15_000, Instant.now()));
        }
        assertEquals(List.of("/9", "/8", "/7"), urls(journal));
        journal.add(event("/large", 500_000, Instant.now()));
        assertEquals(List.of("/large"), urls(journal));
    }

    @Test
    void headersCountAsWell() {
        BoundedJournal journal = new BoundedJournal(1_000, 1_000_000, request -> true, () -> false);
        String headers = IntStream.range(0, 1_000).mapToObj(i -> "\"x" + i + "\": \"\"").collect(Collectors.joining(","));
        for (int i = 0; i < 10; i++) {
            journal.add(ServeEvent.ofUnmatched(Json.read("{\"url\": \"/" + i + "\", \"method\": \"GET\", \"loggedDate\": 0, \"headers\": {" + headers + "}}",
                    LoggedRequest.class), null));
        }
        assertEquals(List.of("/9"), urls(journal));
    }

    @Test
    void andToManyRequests() {
        BoundedJournal journal = new BoundedJournal(2, 200_000, request -> true, () -> false);
        for (int i = 0; i < 3; i++) {
            journal.add(event("/" + i, 1, Instant.now()));
        }
        assertEquals(List.of("/2", "/1"), urls(journal));
    }

    @Test
    void andToTime() {
        BoundedJournal journal = new BoundedJournal(1_000, 200_000, request -> true, () -> false);
        journal.add(event("/yesterday", 1, Instant.now().minusSeconds(90_000)));
        journal.add(event("/now", 1, Instant.now()));
        assertEquals(List.of("/now"), urls(journal));
    }
}
