// SPDX-License-Identifier: Apache-2.0
package dev.phone.mock.handler;

import dev.phone.api.Exchange;
import dev.phone.api.RequestTarget;
import dev.phone.api.Router;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A request, independent of the HTTP library. */
public abstract class HttpRequest implements Exchange {
    private final String method;
    private final RequestTarget target;
    private Router.Match<Route> match;

    /** @param url as it was sent */
    protected HttpRequest(String method, String url) {
        this.method = method;
        this.target = RequestTarget.of(url);
    }

    public String method() {
        return method;
    }

    /** The path as it was sent, without the query. */
    public String path() {
        return target.path();
    }

    /** The address of the caller. */
    public abstract String address();

    /** The value of a single-valued header; null if it is absent or ambiguous. */
    public String only(String header) {
        List<String> values = single(header);
        return values.size() == 1 ? values.getFirst() : null;
    }

    /** Replaces non-ASCII bytes in a header field, which have no defined meaning, like the server. */
    private static String readable(String value) {
        return value.replaceAll("[^\\x00-\\x7f]", "\ufffd");
    }

    /** The value of a header field as a bin shows it; fields that frame the request are case-insensitive and shown in lower case. */
    protected static String shown(String name, String value) {
        return name.equalsIgnoreCase("transfer-encoding") || name.equalsIgnoreCase("expect") ? value.toLowerCase(Locale.ROOT) : readable(value);
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
        return target.query(name);
    }
}
