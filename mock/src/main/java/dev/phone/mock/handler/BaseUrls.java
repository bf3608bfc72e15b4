// SPDX-License-Identifier: Apache-2.0
package dev.phone.mock.handler;

import dev.phone.api.DocsPage;
import java.util.function.Supplier;

/**
 * The URLs of this mock, which depend on the caller: in a container or a network it learns its names only from requests, and cannot always reach
 * itself by them.
 */
public final class BaseUrls {
    private final Supplier<String> own;

    /** @param own the URL of the address that it listens on */
    public BaseUrls(Supplier<String> own) {
        this.own = own;
    }

    /** The URL under which the caller reached the mock. Any caller can make up a host, so it proves nothing about other URLs of that host. */
    String calledBy(HttpRequest request) {
        String url = DocsPage.url(request.only("host"), null);
        return url == null ? own.get() : url;
    }

    /** Where we reach ourselves by a URL; null when the URL is someone else's. @param isOurs whether it is the whole URL of a resource of ours */
    public String own(String url, boolean isOurs) {
        int path = url.indexOf('/', url.indexOf("://") + 3);
        String root = path < 0 ? url : url.substring(0, path);
        return isOurs || root.equals(own.get()) ? own.get() + url.substring(root.length()) : null;
    }
}
