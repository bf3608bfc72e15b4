// SPDX-License-Identifier: Apache-2.0
package dev.phone.mock.handler;

import dev.phone.api.DocsPage;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * The URLs of this mock, which depend on the caller: in a container or a network it learns its names only from requests, and cannot always reach
 * itself by them.
 */
public final class BaseUrls {
    private static final int MOST = 1_000;

    private final Supplier<String> own;
    private final Set<String> given = ConcurrentHashMap.newKeySet();

    /** @param own the URL of the address that it listens on */
    public BaseUrls(Supplier<String> own) {
        this.own = own;
    }

    /** The URL under which the caller reached the mock. */
    String calledBy(HttpRequest request) {
        String url = DocsPage.url(request.only("host"), null);
        if (url == null) {
            return own.get();
        }
        if (given.size() < MOST) {
            given.add(url);
        }
        return url;
    }

    /** Where we reach ourselves by a URL that we gave away; null when the URL is someone else's. */
    public String own(String url) {
        int path = url.indexOf('/', url.indexOf("://") + 3);
        String root = path < 0 ? url : url.substring(0, path);
        return root.equals(own.get()) || given.contains(root) ? own.get() + url.substring(root.length()) : null;
    }
}
