// SPDX-License-Identifier: Apache-2.0
package dev.phone.mock.answer;

import dev.phone.api.Exchange;
import dev.phone.api.Router;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A request, whatever carried it. */
public abstract class Call implements Exchange {
    private final String method;
    private final String path;
    private final String query;
    private Router.Match<Route> match;
    private Map<String, List<String>> parsed;

    /** @param url as it was sent: the path and perhaps a query */
    protected Call(String method, String url) {
        int mark = url.indexOf('?');
        this.method = method;
        this.path = mark < 0 ? url : url.substring(0, mark);
        this.query = mark < 0 ? "" : url.substring(mark + 1);
    }

    public String method() {
        return method;
    }

    /** As it was sent, without the query. */
    public String path() {
        return path;
    }

    /** The address of the caller. */
    public abstract String address();

    /** All headers, names in lower case, several values of one joined. */
    public abstract Map<String, String> headers();

    /** The value of a header that is there once; null when it is absent or ambiguous. */
    public String only(String header) {
        List<String> values = header(header);
        return values.size() == 1 ? values.getFirst() : null;
    }

    void matched(Router.Match<Route> found) {
        match = found;
    }

    @Override
    public String path(String name) {
        return match.value(name);
    }

    @Override
    public List<String> query(String name) {
        if (query.isEmpty()) {
            return List.of();
        }
        if (parsed == null) {
            parsed = new HashMap<>();
            for (String pair : query.split("&")) {
                int equals = pair.indexOf('=');
                parsed.computeIfAbsent(decode(equals < 0 ? pair : pair.substring(0, equals)), n -> new ArrayList<>(1))
                        .add(equals < 0 ? "" : decode(pair.substring(equals + 1)));
            }
        }
        return parsed.getOrDefault(name, List.of());
    }

    private static String decode(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return text;
        }
    }
}
