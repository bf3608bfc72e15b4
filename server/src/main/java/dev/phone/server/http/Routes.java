// SPDX-License-Identifier: Apache-2.0
package dev.phone.server.http;

import dev.phone.api.Route;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds the route of a request by its raw path, segment by segment.
 *
 * <p>We do not leave this to Helidon: it routes by a path that is already decoded and normalised, so that {@code %2F}, {@code ..} and
 * {@code //} would reach other routes than the ones they spell. Here a path is what was sent. A literal segment wins over a parameter, as
 * OpenAPI demands, and there is no way back: {@code GET /v1/otp/send} is unknown, not the OTP request called "send".
 */
final class Routes {

    /** A route and what stands in the place of its path parameters, decoded. */
    record Match(Route route, List<String> names, List<String> values) {
        String value(String name) {
            return values.get(names.indexOf(name));
        }
    }

    private static final class Node {
        private final Map<String, Node> literals = new HashMap<>();
        private Node parameter;
        private final Map<String, Route> byMethod = new HashMap<>();
        private final Map<String, List<String>> namesByMethod = new HashMap<>();
    }

    private final Node root = new Node();

    Routes(List<Route> routes) {
        routes.forEach(this::add);
    }

    private void add(Route route) {
        Node node = root;
        List<String> names = new ArrayList<>();
        for (String segment : route.operation().path().substring(1).split("/")) {
            if (segment.startsWith("{")) {
                names.add(segment.substring(1, segment.length() - 1));
                if (node.parameter == null) {
                    node.parameter = new Node();
                }
                node = node.parameter;
            } else {
                node = node.literals.computeIfAbsent(segment, name -> new Node());
            }
        }
        if (node.byMethod.put(route.operation().method(), route) != null) {
            throw new IllegalArgumentException("two routes for " + route.operation().method() + " " + route.operation().path());
        }
        node.namesByMethod.put(route.operation().method(), List.copyOf(names));
    }

    /** The route of a request, or null when there is none. @param path as it was sent, without the query */
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
        Route route = node.byMethod.get(method);
        return route == null ? null : new Match(route, node.namesByMethod.get(method), values);
    }

    /** In a path, unlike in a form, a plus is a plus. */
    private static String decode(String segment) {
        return segment.indexOf('%') < 0 ? segment : URLDecoder.decode(segment.replace("+", "%2B"), StandardCharsets.UTF_8);
    }
}
