// SPDX-License-Identifier: Apache-2.0
package dev.phone.api;

import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;

/**
 * Lets pages of any origin call the API. That is safe because nothing here is authorised by a cookie: a page can only send credentials that
 * it has been given.
 *
 * @param methods the value of {@code Access-Control-Allow-Methods}
 * @param headers the value of {@code Access-Control-Allow-Headers}
 */
public record Cors(String methods, String headers) {
    /** The value of {@code Access-Control-Max-Age}, in seconds: the longest that a browser remembers. */
    public static final String MAX_AGE = "7200";

    /** What a preflight is told. @param more header fields, in lower case, that are understood besides those of the contract */
    public static Cors of(Collection<Operation> operations, String... more) {
        TreeSet<String> methods = new TreeSet<>();
        TreeSet<String> headers = new TreeSet<>(Operations.CREDENTIAL_HEADERS.values());
        headers.addAll(List.of("authorization", "content-type"));
        headers.addAll(List.of(more));
        for (Operation operation : operations) {
            methods.add(operation.method());
            for (Operation.Parameter parameter : operation.parameters()) {
                if (parameter.in() == Operation.Place.HEADER) {
                    headers.add(parameter.name().toLowerCase(Locale.ROOT));
                }
            }
        }
        return new Cors(String.join(", ", methods), String.join(", ", headers));
    }

    /**
     * Whether a browser asks what a page may do. It is answered for unknown paths, too, so that the page can read their 404.
     *
     * @param hasOrigin whether there is an {@code Origin} field
     * @param hasRequestMethod whether there is an {@code Access-Control-Request-Method} field
     */
    public static boolean isPreflight(String method, boolean hasOrigin, boolean hasRequestMethod) {
        return method.equals("OPTIONS") && hasOrigin && hasRequestMethod;
    }
}
