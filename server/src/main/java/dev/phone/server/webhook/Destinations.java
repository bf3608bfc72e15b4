// SPDX-License-Identifier: Apache-2.0
package dev.phone.server.webhook;

import dev.phone.api.ApiError;
import dev.phone.api.Rules;
import dev.phone.api.WebhookAttempt;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.hc.client5.http.DnsResolver;

/**
 * Decides where events may be sent, to prevent server-side request forgery. Any user can choose a URL, and the server can reach networks that users
 * cannot. So every address is checked when a connection is made, and the checked address is the one connected to, which also prevents DNS rebinding.
 */
public final class Destinations implements DnsResolver {
    /** The maximum number of concurrent look-ups of different names. */
    private static final int LOOKUPS = 256;
    private static final int HTTPS = 443;
    /** Lower ports, except 443, belong to well-known services and are refused. */
    private static final int FIRST_FREE_PORT = 1024;
    private static final int LAST_PORT = 65_535;

    /** Resolves a name. */
    @FunctionalInterface
    public interface Lookup {
        InetAddress[] addresses(String host) throws UnknownHostException;
    }

    /** A name resolves to an address to which events must not be sent. */
    static final class Forbidden extends UnknownHostException {
        private static final long serialVersionUID = 1L;

        Forbidden(String host) {
            super(host);
        }
    }

    private final boolean local;
    private final URI proxy;
    private final Lookup lookup;
    // The operating system's look-up blocks its thread; in a virtual thread it would block one of the few carrier threads.
    private final Executor threads = new ThreadPoolExecutor(0, LOOKUPS, 10, TimeUnit.SECONDS, new SynchronousQueue<>(),
            Thread.ofPlatform().daemon().name("lookup-", 0).factory());
    private final Map<String, CompletableFuture<InetAddress[]>> underWay = new ConcurrentHashMap<>();

    /**
     * @param local whether webhooks may call this machine, for development
     * @param proxy the HTTP proxy for all events, which must then check addresses; null for none
     */
    public Destinations(boolean local, URI proxy, Lookup lookup) {
        this.local = local;
        this.proxy = proxy;
        this.lookup = lookup;
    }

    URI proxy() {
        return proxy;
    }

    /** @throws ApiError a 422 for a URL that only a development server accepts */
    void check(String url) {
        if (!local && !url.startsWith("https:")) {
            throw ApiError.invalid("/url", "pattern", "must be an https URL");
        }
    }

    /** Checks a URL before its name is resolved. @return null if events may be sent to it */
    WebhookAttempt refusal(URI url) {
        if (url.getHost() == null) {
            return WebhookAttempt.noHost("in " + url);
        }
        if (WebhookAttempt.leadsNowhere(url.getHost())) {
            return WebhookAttempt.noHost(url.getHost());
        }
        int port = url.getPort();
        boolean usual = url.getScheme().equals("https") && (port == -1 || port == HTTPS || port >= FIRST_FREE_PORT);
        return url.getRawUserInfo() == null && port <= LAST_PORT && (usual || local && isLocalName(url.getHost())) ? null : WebhookAttempt.forbidden();
    }

    private static boolean isLocalName(String host) {
        return host.equals("localhost") || host.equals("127.0.0.1");
    }

    /** @throws Forbidden if one of the addresses is not public */
    @Override
    public InetAddress[] resolve(String host) throws UnknownHostException {
        InetAddress[] addresses = find(host);
        if (proxy != null && host.equals(proxy.getHost())) {
            return addresses;
        }
        for (InetAddress address : addresses) {
            if (!PublicAddresses.contains(address) && !(local && address.isLoopbackAddress())) {
                throw new Forbidden(host);
            }
        }
        return addresses;
    }

    private InetAddress[] find(String host) throws UnknownHostException {
        try {
            CompletableFuture<InetAddress[]> found = underWay.computeIfAbsent(host, name -> CompletableFuture.supplyAsync(() -> {
                try {
                    return lookup.addresses(name);
                } catch (UnknownHostException e) {
                    throw new CompletionException(e);
                }
            }, threads));
            found.whenComplete((addresses, failure) -> underWay.remove(host, found));
            return found.get(Rules.WEBHOOKS_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException | RejectedExecutionException e) {
            throw (UnknownHostException) new UnknownHostException(host).initCause(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw (UnknownHostException) new UnknownHostException(host).initCause(e);
        }
    }

    @Override
    public String resolveCanonicalHostname(String host) {
        return host;
    }
}
