// SPDX-License-Identifier: Apache-2.0
package dev.phone.mock.wiremock;

import com.github.tomakehurst.wiremock.common.Encoding;
import com.github.tomakehurst.wiremock.common.Json;
import com.github.tomakehurst.wiremock.common.Timing;
import com.github.tomakehurst.wiremock.http.HttpHeader;
import com.github.tomakehurst.wiremock.http.HttpHeaders;
import com.github.tomakehurst.wiremock.http.LoggedResponse;
import com.github.tomakehurst.wiremock.http.Request;
import com.github.tomakehurst.wiremock.http.ResponseDefinition;
import com.github.tomakehurst.wiremock.store.RequestJournalStore;
import com.github.tomakehurst.wiremock.stubbing.ServeEvent;
import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import dev.phone.mock.handler.Response;
import dev.phone.mock.http.ServedRequest;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * WireMock's journal of the last requests, including those that were answered without WireMock. These are converted to WireMock's events only
 * when the journal is read, so that they cost almost nothing otherwise. The journal is bounded in number, in bytes, and in the age of a request
 * relative to the newest.
 *
 * <p>A request is unmatched if the contract has no operation for it; and, as in any WireMock, if there are stubs and none of them matched, even
 * though the contract answers it.
 */
final class BoundedJournal implements RequestJournalStore {
    /** The memory overhead of a request and its response, in bytes. */
    private static final int EVENT_BYTES = 8_192;
    /** The memory overhead of a header field, cookie, or parameter, in bytes. */
    private static final int PART_BYTES = 512;
    /** The memory overhead of a part of a multipart form, in bytes. */
    private static final int FORM_PART_BYTES = 4_096;
    private static final long KEPT_MILLIS = Duration.ofHours(24).toMillis();

    private final int mostEntries;
    private final long mostBytes;
    private final Predicate<Request> known;
    private final BooleanSupplier hasStubs;
    /** Newest first. */
    private final Deque<Entry> entries = new ArrayDeque<>();
    private long bytes;

    private static final class Entry {
        private final long at;
        private long bytes;
        /** Null after the conversion to an event. */
        private ServedRequest served;
        /** Null before the conversion. */
        private ServeEvent event;

        Entry(long at, long bytes) {
            this.at = at;
            this.bytes = EVENT_BYTES + bytes;
        }
    }

    /**
     * @param known whether the contract has an operation for a request
     * @param hasStubs whether there are stubs besides the contract
     */
    BoundedJournal(int mostEntries, long mostBytes, Predicate<Request> known, BooleanSupplier hasStubs) {
        this.mostEntries = mostEntries;
        this.mostBytes = mostBytes;
        this.known = known;
        this.hasStubs = hasStubs;
    }

    /** Adds a request that was answered without WireMock. */
    synchronized void add(ServedRequest served) {
        Entry entry = new Entry(served.receivedAt(), served.response().body().length + 3L * served.bodyBytes()
                + (long) PART_BYTES * served.parts());
        entry.served = served;
        add(entry);
    }

    @Override
    public synchronized void add(ServeEvent event) {
        Entry entry = new Entry(event.getRequest().getLoggedDate().getTime(), bytes(event));
        entry.event = judged(event);
        add(entry);
    }

    private void add(Entry entry) {
        entries.addFirst(entry);
        bytes += entry.bytes;
        shrink();
    }

    private void shrink() {
        Entry newest = entries.peekFirst();
        while (entries.size() > 1 && (entries.size() > mostEntries || bytes > mostBytes || entries.peekLast().at < newest.at - KEPT_MILLIS)) {
            removeLast();
        }
    }

    /** While there are stubs, a request that the contract answers is unmatched. */
    private ServeEvent judged(ServeEvent event) {
        return event.getStubMapping() == ContractStores.CONTRACT && hasStubs.getAsBoolean()
                ? event.withStubMapping(null).withResponseDefinition(ResponseDefinition.notConfigured()) : event;
    }

    private static long bytes(ServeEvent event) {
        LoggedResponse response = event.getResponse();
        byte[] sent = response == null ? null : response.getBody();
        LoggedRequest request = event.getRequest();
        byte[] received = request.getBody();
        int parts = (request.getHeaders() == null ? 0 : request.getHeaders().size()) + size(request.getCookies()) + size(request.getQueryParams())
                + size(request.getFormParameters());
        int formParts = request.getParts() == null ? 0 : request.getParts().size();
        return (sent == null ? 0 : sent.length) + (received == null ? 0 : 3L * received.length) + (long) PART_BYTES * parts + (long) FORM_PART_BYTES * formParts;
    }

    private static int size(Map<?, ?> parts) {
        return parts == null ? 0 : parts.size();
    }

    /** Stores the event with its response. */
    @Override
    public synchronized void put(UUID id, ServeEvent event) {
        for (Entry entry : entries) {
            if (entry.event != null && entry.event.getId().equals(id)) {
                bytes -= entry.bytes;
                entry.bytes = EVENT_BYTES + bytes(event);
                bytes += entry.bytes;
                entry.event = judged(event);
                shrink();
                return;
            }
        }
    }

    @Override
    public synchronized Stream<ServeEvent> getAll() {
        List<ServeEvent> events = new ArrayList<>(entries.size());
        entries.forEach(entry -> events.add(event(entry)));
        return events.stream();
    }

    private ServeEvent event(Entry entry) {
        if (entry.event == null) {
            entry.event = event(entry.served);
            entry.served = null;
        }
        return entry.event;
    }

    private ServeEvent event(ServedRequest served) {
        LoggedRequest request = Json.mapToObject(request(served), LoggedRequest.class);
        boolean isKnown = known.test(request);
        return new ServeEvent(UUID.randomUUID(), request, isKnown ? ContractStores.CONTRACT : null,
                isKnown ? ContractStores.CONTRACT.getResponse() : ResponseDefinition.notConfigured(), response(served.response()), false, Timing.create(), null);
    }

    /** The request as JSON for WireMock, because that is the only way to set its time. */
    private static Map<String, Object> request(ServedRequest served) {
        Map<String, List<String>> headers = served.headers();
        Map<String, Object> request = new HashMap<>();
        request.put("url", served.url());
        request.put("method", served.method());
        request.put("clientIp", served.address());
        request.put("headers", headers);
        request.put("cookies", cookies(headers));
        request.put("loggedDate", served.receivedAt());
        request.put("bodyAsBase64", Encoding.encodeBase64(served.body()));
        request.put("protocol", "HTTP/1.1");
        headers.forEach((name, values) -> {
            if (name.equalsIgnoreCase("host")) {
                request.put("absoluteUrl", "http://" + values.getFirst() + served.url());
            }
        });
        return request;
    }

    private static Map<String, String> cookies(Map<String, List<String>> headers) {
        Map<String, String> cookies = new HashMap<>();
        headers.forEach((name, values) -> {
            if (name.equalsIgnoreCase("cookie")) {
                for (String cookie : String.join(";", values).split(";")) {
                    int equals = cookie.indexOf('=');
                    if (equals > 0) {
                        cookies.put(cookie.substring(0, equals).strip(), cookie.substring(equals + 1).strip());
                    }
                }
            }
        });
        return cookies;
    }

    private static LoggedResponse response(Response response) {
        List<HttpHeader> headers = new ArrayList<>();
        response.headers().forEach(header -> headers.add(new HttpHeader(header.name(), header.value())));
        Response.ALWAYS.forEach((name, value) -> {
            if (!response.has(name)) {
                headers.add(new HttpHeader(name, value));
            }
        });
        return new LoggedResponse(response.status(), new HttpHeaders(headers), Encoding.encodeBase64(response.body()), null, null);
    }

    @Override
    public synchronized Stream<UUID> getAllKeys() {
        return getAll().map(ServeEvent::getId);
    }

    @Override
    public synchronized Optional<ServeEvent> get(UUID id) {
        return entries.stream().map(entry -> entry.event).filter(event -> event != null && event.getId().equals(id)).findFirst();
    }

    @Override
    public synchronized void remove(UUID id) {
        for (Iterator<Entry> all = entries.iterator(); all.hasNext();) {
            Entry entry = all.next();
            if (entry.event != null && entry.event.getId().equals(id)) {
                bytes -= entry.bytes;
                all.remove();
                return;
            }
        }
    }

    @Override
    public synchronized void removeLast() {
        Entry last = entries.pollLast();
        if (last != null) {
            bytes -= last.bytes;
        }
    }

    @Override
    public synchronized void clear() {
        entries.clear();
        bytes = 0;
    }
}
