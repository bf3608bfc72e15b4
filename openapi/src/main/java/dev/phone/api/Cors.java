// SPDX-License-Identifier: Apache-2.0
package dev.phone.api;

import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;

/**
 * CORS: lets pages of any origin call the API. That is safe because no cookie authorises anything: a page can only send credentials that it has.
 *
 * @param methods the value of {@code Access-Control-Allow-Methods}
 * @param headers the value of {@code Access-Control-Allow-Headers}
 */
public record Cors(String methods, String headers) {
    /** The value of {@code Access-Control-Max-Age}, in seconds: the maximum that browsers respect. */
    public static final String MAX_AGE = "7200";

    /** The answer to preflight requests. @param more additional allowed header fields, in lower case */
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
     * Whether this is a preflight request. It is answered for unknown paths, too, so that the page can read their 404.
     *
     * @param hasOrigin whether there is an {@code Origin} field
     * @param hasRequestMethod whether there is an {@code Access-Control-Request-Method} field
     */
    public static boolean isPreflight(String method, boolean hasOrigin, boolean hasRequestMethod) {
        return method.equals("OPTIONS") && hasOrigin && hasRequestMethod;
    }
}
