// SPDX-License-Identifier: Apache-2.0
package dev.phone.mock.answer;

import dev.phone.mock.contract.Plan;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds the operation of a request by its path as it was sent, segment by segment. As on the server, a literal segment wins over a
 * parameter, and there is no way back.
 */
final class Routes {

    /** @param values of the path parameters, decoded */
    record Match(Route route, List<String> names, List<String> values) {
        String value(String name) {
            return values.get(names.indexOf(name));
        }
    }

    private static final class Node {
        private final Map<String, Node> literals = new HashMap<>();
        private final Map<String, Route> routes = new HashMap<>();
        private final Map<String, List<String>> names = new HashMap<>();
        private Node parameter;
    }

    private final Node root = new Node();

    void add(Route route) {
        Plan plan = route.plan();
        Node node = root;
        List<String> names = new ArrayList<>();
        for (String segment : plan.operation().path().substring(1).split("/")) {
            if (segment.startsWith("{")) {
                names.add(segment.substring(1, segment.length() - 1));
                node.parameter = node.parameter == null ? new Node() : node.parameter;
                node = node.parameter;
            } else {
                node = node.literals.computeIfAbsent(segment, s -> new Node());
            }
        }
        node.routes.put(plan.operation().method(), route);
        node.names.put(plan.operation().method(), List.copyOf(names));
    }

    /** Null when there is no such route. */
    Match match(String method, String path) {
        if (path.isEmpty() || path.charAt(0) != '/') {
            return null;
        }
        Node node = root;
        List<String> values = List.of();
        for (int start = 1; start <= path.length();) {
            int slash = path.indexOf('/', start);
            int end = slash < 0 ? path.length() : slash;
            String segment = decode(path.substring(start, end));
            Node literal = node.literals.get(segment);
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
        Route route = node.routes.get(method);
        return route == null ? null : new Match(route, node.names.get(method), values);
    }

    /** In a path, unlike in a form, a plus is a plus. */
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
