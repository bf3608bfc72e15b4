// SPDX-License-Identifier: Apache-2.0
package dev.phone.contracttests.trace;

import dev.phone.contracttests.contract.TheContract;
import jakarta.json.Json;
import jakarta.json.JsonReader;
import jakarta.json.JsonWriterFactory;
import jakarta.json.stream.JsonGenerator;
import java.io.StringReader;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Compares two conversations step by step: status, header names and values, and body, after replacing IDs, secrets and codes by the place where they
 * first occurred. Only the values of {@link #FREE} headers may differ, and only the mock may send {@code x-mock-*}.
 */
public final class Parity {
    /** Headers whose values depend on the real time or on randomness; events are signed with the real time, not the target's clock. */
    private static final Set<String> FREE = Set.of("date", "x-request-id", "webhook-timestamp", "webhook-signature");
    private static final Set<String> LISTS_OF_HEADERS = Set.of("access-control-expose-headers", "access-control-allow-headers");
    private static final Set<String> OF_THE_MOCK = Set.of("prefer", "preference-applied");
    private static final Set<String> OF_THE_CONNECTION = Set.of("connection", "transfer-encoding", "content-length", "keep-alive");
    private static final JsonWriterFactory PRETTY = Json.createWriterFactory(Map.of(JsonGenerator.PRETTY_PRINTING, true));

    private final Tokens left = new Tokens();
    private final Tokens right = new Tokens();

    /** The differences, one per line; empty if there are none. Call it for all steps in their order. */
    public List<String> compare(Step one, Step other) {
        List<String> differences = new ArrayList<>();
        differ(differences, "the request", request(left, one), request(right, other));
        differ(differences, "status", String.valueOf(one.status()), String.valueOf(other.status()));
        Map<String, String> ones = headers(left, one);
        Map<String, String> others = headers(right, other);
        Set<String> names = new TreeSet<>(ones.keySet());
        names.addAll(others.keySet());
        names.forEach(name -> differ(differences, "header " + name, ones.get(name), others.get(name)));
        differ(differences, "body", left.body(one.body()), right.body(other.body()));
        return differences;
    }

    private static String request(Tokens tokens, Step step) {
        return step.method() + " " + tokens.text(step.target()) + " " + tokens.body(step.requestBody());
    }

    private static Map<String, String> headers(Tokens tokens, Step step) {
        Map<String, String> headers = new TreeMap<>();
        step.headers().forEach((name, value) -> {
            if (!name.startsWith("x-mock-") && !OF_THE_CONNECTION.contains(name)) {
                headers.put(name, FREE.contains(name) ? "(any)" : LISTS_OF_HEADERS.contains(name) ? common(value) : tokens.text(value));
            }
        });
        return headers;
    }

    /** The CORS headers without those that only the mock has. */
    private static String common(String names) {
        return Stream.of(names.split(",")).map(String::strip)
                .filter(name -> !name.startsWith("x-mock-") && !OF_THE_MOCK.contains(name.toLowerCase(Locale.ROOT))).sorted().collect(Collectors.joining(", "));
    }

    private static void differ(List<String> differences, String what, String one, String other) {
        if (!Objects.equals(one, other)) {
            differences.add(what + ": " + one + " | " + other);
        }
    }

    /**
     * Compares two traces of one suite.
     *
     * @return one text for each test that differs, with both responses to its first step that does and the commands that lead there
     */
    public static List<String> compare(Trace one, Trace other) {
        List<String> found = new ArrayList<>();
        Set<String> tests = new TreeSet<>(one.tests().keySet());
        tests.addAll(other.tests().keySet());
        for (String test : tests) {
            String title = one.suite() + "." + test + ": " + one.target() + " | " + other.target();
            List<Step> ones = one.tests().getOrDefault(test, List.of());
            List<Step> others = other.tests().getOrDefault(test, List.of());
            Parity parity = new Parity();
            int i = 0;
            for (; i < Math.min(ones.size(), others.size()) && !isNotBuilt(ones.get(i), others.get(i)); i++) {
                List<String> differences = parity.compare(ones.get(i), others.get(i));
                if (!differences.isEmpty()) {
                    found.add(report(title, ones.subList(0, i + 1), others.get(i), differences, one.url()));
                    break;
                }
            }
            if (i == Math.min(ones.size(), others.size()) && ones.size() != others.size() && !isNotBuilt(ones, i) && !isNotBuilt(others, i)) {
                found.add(title + "\n  has " + ones.size() + " steps on one and " + others.size() + " on the other");
            }
        }
        return found;
    }

    /** The states of two targets diverge if only one of them has built an operation. */
    private static boolean isNotBuilt(Step one, Step other) {
        return isNotBuilt(one) || isNotBuilt(other);
    }

    private static boolean isNotBuilt(List<Step> steps, int i) {
        return i < steps.size() && isNotBuilt(steps.get(i));
    }

    private static boolean isNotBuilt(Step step) {
        var operation = TheContract.operation(step.method(), step.target().replaceAll("\\?.*", ""));
        return operation != null && !TheContract.isBuilt(operation);
    }

    /** A report with both responses, their differences, and the commands to reproduce them. */
    public static String report(String title, List<Step> steps, Step other, List<String> differences, String url) {
        StringBuilder text = new StringBuilder(title).append("\n  step ").append(steps.size()).append(": ").append(steps.getLast().method())
                .append(' ').append(steps.getLast().target());
        differences.forEach(difference -> text.append("\n    ").append(difference));
        text.append("\n  the first answered ").append(steps.getLast().status()).append(' ').append(pretty(steps.getLast().body()))
                .append("\n  the second answered ").append(other.status()).append(' ').append(pretty(other.body()))
                .append("\n  which these requests lead to:");
        steps.forEach(step -> text.append("\n    ").append(step.curl(url)));
        return text.toString();
    }

    private static String pretty(String body) {
        StringWriter text = new StringWriter();
        try (JsonReader reader = Json.createReader(new StringReader(body)); var writer = PRETTY.createWriter(text)) {
            writer.write(reader.readValue());
            return text.toString().strip();
        } catch (RuntimeException noJson) {
            return body;
        }
    }
}
