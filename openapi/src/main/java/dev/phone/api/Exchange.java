// SPDX-License-Identifier: Apache-2.0
package dev.phone.api;

import java.util.List;
import java.util.Map;

/** A request, independent of the HTTP library. The server and the mock each implement it. */
public interface Exchange {

    /** The decoded value of a path parameter; never null for a parameter of the matched path. */
    String path(String name);

    /** The decoded values of a query parameter, in order; empty if absent. */
    List<String> query(String name);

    /** The values of a header, by case-insensitive name; empty if absent. */
    List<String> header(String name);

    /** All headers by lower-case name; the values of a repeated header are joined by commas. */
    Map<String, String> allHeaders();

    /**
     * The distinct values of a single-valued header: empty if it is absent, more than one if it is ambiguous. Some clients and proxies send the same
     * header twice; with equal values it counts as one.
     */
    default List<String> single(String name) {
        List<String> values = header(name);
        return values.size() < 2 ? values : values.stream().distinct().toList();
    }

    /** The body; empty if there is none. @throws ApiError a 422 if it cannot be read or is larger than {@link Rules#BODY_MAXIMUM} bytes */
    byte[] body();
}
