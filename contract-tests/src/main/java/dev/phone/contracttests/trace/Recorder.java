// SPDX-License-Identifier: Apache-2.0
package dev.phone.contracttests.trace;

import dev.phone.contracttests.target.Target;
import io.restassured.filter.Filter;
import io.restassured.filter.FilterContext;
import io.restassured.http.Header;
import io.restassured.http.Headers;
import io.restassured.response.Response;
import io.restassured.specification.FilterableRequestSpecification;
import io.restassured.specification.FilterableResponseSpecification;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Keeps every step of one suite against one target. Not for tests that send from several threads: their steps have no order. */
public final class Recorder implements Filter, AutoCloseable {
    /** What the HTTP client adds by itself, on every request alike. */
    private static final Set<String> OF_THE_CLIENT = Set.of("accept", "user-agent", "connection", "accept-encoding", "content-length", "host");

    private final String suite;
    private final Target target;
    private final Map<String, List<Step>> tests = new LinkedHashMap<>();
    private List<Step> current = new ArrayList<>();

    public Recorder(String suite, Target target) {
        this.suite = suite;
        this.target = target;
    }

    /** Whatever follows belongs to this test. */
    public void begin(String test) {
        current = tests.computeIfAbsent(test, name -> new ArrayList<>());
    }

    @Override
    public Response filter(FilterableRequestSpecification request, FilterableResponseSpecification specification, FilterContext context) {
        Response response = context.next(request, specification);
        URI uri = URI.create(request.getURI());
        Map<String, String> sent = joined(request.getHeaders());
        sent.keySet().removeAll(OF_THE_CLIENT);
        Object body = request.getBody();
        add(new Step(request.getMethod(), uri.getRawPath() + (uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery()), sent,
                body == null ? null : body.toString(), response.statusCode(), joined(response.headers()), response.asString()));
        return response;
    }

    /** A step that was sent in another way. */
    public synchronized void add(Step step) {
        current.add(step);
    }

    private static Map<String, String> joined(Headers headers) {
        Map<String, String> joined = new TreeMap<>();
        for (Header header : headers) {
            joined.merge(header.getName().toLowerCase(Locale.ROOT), String.valueOf(header.getValue()), (first, next) -> first + ", " + next);
        }
        return joined;
    }

    /** Writes what was recorded to where the gates read it. */
    @Override
    public void close() {
        tests.values().removeIf(List::isEmpty);
        new Trace(suite, target.name(), target.url().toString(), tests).write();
    }
}
