// SPDX-License-Identifier: Apache-2.0
package dev.phone.contracttests.trace;

import dev.phone.contracttests.target.Target;
import io.restassured.filter.Filter;
import io.restassured.filter.FilterContext;
import io.restassured.response.Response;
import io.restassured.specification.FilterableRequestSpecification;
import io.restassured.specification.FilterableResponseSpecification;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Records every step of a suite against a target. Not for tests that send from several threads, whose steps have no order. */
public final class Recorder implements Filter, AutoCloseable {
    private final String suite;
    private final Target target;
    private final Map<String, List<Step>> tests = new LinkedHashMap<>();
    private final long start = System.nanoTime();
    private List<Step> current = new ArrayList<>();

    public Recorder(String suite, Target target) {
        this.suite = suite;
        this.target = target;
    }

    /** All further steps belong to this test. */
    public void begin(String test) {
        current = tests.computeIfAbsent(test, name -> new ArrayList<>());
    }

    @Override
    public Response filter(FilterableRequestSpecification request, FilterableResponseSpecification specification, FilterContext context) {
        Response response = context.next(request, specification);
        add(Step.of(request, response));
        return response;
    }

    /** Adds a step that was sent without REST Assured. */
    public synchronized void add(Step step) {
        current.add(step);
    }

    /** Writes the recorded steps for the gates. */
    @Override
    public void close() {
        tests.values().removeIf(List::isEmpty);
        new Trace(suite, target.name(), target.url().toString(), tests, Duration.ofNanos(System.nanoTime() - start)).write();
    }
}
