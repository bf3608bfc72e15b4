// SPDX-License-Identifier: Apache-2.0
package dev.phone.api;

import java.util.List;
import java.util.Map;

/** A request as a contract sees it, whatever carried it. The edge of the server and the mock each have one. */
public interface Exchange {

    /** The decoded value of a path parameter; never null for a parameter of the matched path. */
    String path(String name);

    /** The decoded values of a query parameter, in order; empty when absent. */
    List<String> query(String name);

    /** The values of a header, case-insensitively named; empty when absent. */
    List<String> header(String name);

    /** All headers: names in lower case, the values of one that is repeated joined by commas. */
    Map<String, String> allHeaders();

    /**
     * The values of a header that may be given once: empty when it is absent, more than one when it is ambiguous. Clients and proxies do send
     * the same header twice; as long as both say the same, it counts as once.
     */
    default List<String> single(String name) {
        List<String> values = header(name);
        return values.size() < 2 ? values : values.stream().distinct().toList();
    }

    /** The body; empty when there is none. @throws ApiError a 422 when it cannot be read, or is larger than {@link Rules#BODY_MAXIMUM} */
    byte[] body();
}
