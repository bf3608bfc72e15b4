// SPDX-License-Identifier: Apache-2.0
package dev.phone.api;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Routes requests by their raw path, segment by segment.
 *
 * <p>Frameworks route by a decoded and normalised path, so that {@code %2F}, {@code ..} and {@code //} reach routes other than those that
 * were sent. This class uses the path as sent. A literal segment takes precedence over a parameter, as OpenAPI requires, without
 * backtracking: {@code GET /v1/otp/send} is unknown, not the OTP request with the ID "send".
 *
 * @param <T> the target of each route
 */
public final class Router<T> {

    /** A matched route with its decoded path parameters. */
    public record Match<T>(T target, List<String> names, List<String> values) {
        public String value(String name) {
            return values.get(names.indexOf(name));
        }
    }

    private static final class Node<T> {
        private final Map<String, Node<T>> literals = new HashMap<>();
        private final Map<String, T> targets = new HashMap<>();
        private final Map<String, List<String>> names = new HashMap<>();
        private Node<T> parameter;
    }

    private final Node<T> root = new Node<>();

    /** @throws IllegalArgumentException if there is already a route for this method and path */
    public void add(Operation operation, T target) {
        Node<T> node = root;
        List<String> names = new ArrayList<>();
        for (String segment : operation.path().substring(1).split("/")) {
            if (segment.startsWith("{")) {
                names.add(segment.substring(1, segment.length() - 1));
                if (node.parameter == null) {
                    node.parameter = new Node<>();
                }
                node = node.parameter;
            } else {
                node = node.literals.computeIfAbsent(segment, name -> new Node<>());
            }
        }
        if (node.targets.put(operation.method(), target) != null) {
            throw new IllegalArgumentException("two routes for " + operation.method() + " " + operation.path());
        }
        node.names.put(operation.method(), List.copyOf(names));
    }

    /** The matching route; null if there is none. @param path as it was sent, without the query */
    public Match<T> match(String method, String path) {
        if (path.isEmpty() || path.charAt(0) != '/') {
            return null;
        }
        Node<T> node = root;
        List<String> values = List.of();
        for (int start = 1; start <= path.length();) {
            int slash = path.indexOf('/', start);
            int end = slash < 0 ? path.length() : slash;
            String segment = decode(path.substring(start, end));
            Node<T> literal = node.literals.get(segment);
            if (literal != null) {
                node = literal;
            } else if (node.parameter != null && !segment.isEmpty()) {
                node = node.parameter;
                values = values.isEmpty() ? new ArrayList<>(2) : values;
                values.add(segment);
            } else {
                return null;
            }
            start = end + 1;
        }
        T target = node.targets.get(method);
        return target == null ? null : new Match<>(target, node.names.get(method), values);
    }

    /** In a path, unlike in a form, a plus stays a plus. Invalid percent-encoding is left unchanged. */
    private static String decode(String segment) {
        if (segment.indexOf('%') < 0) {
            return segment;
        }
        try {
            return URLDecoder.decode(segment.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return segment;
        }
    }
}
