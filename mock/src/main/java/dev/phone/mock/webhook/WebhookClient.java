// SPDX-License-Identifier: Apache-2.0
package dev.phone.mock.webhook;

import dev.phone.api.Rules;
import dev.phone.api.WebhookAttempt;
import dev.phone.api.WebhookSignature;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Sends events over HTTP. An attempt ends after the contract's timeout, whatever the endpoint does; only the status and {@code Retry-After} of a
 * response are used.
 */
public final class WebhookClient implements AutoCloseable {
    private static final int AT_ONCE = 32;

    /** @param nowhere the result if nothing can be sent; otherwise null */
    private record Target(String url, URI uri, WebhookAttempt nowhere) {
        static Target of(String url) {
            URI uri;
            try {
                uri = URI.create(url);
            } catch (IllegalArgumentException e) {
                return new Target(url, null, WebhookAttempt.noHost("in " + url));
            }
            return new Target(url, uri, uri.getHost() == null ? WebhookAttempt.noHost("in " + url)
                    : WebhookAttempt.leadsNowhere(uri.getHost()) ? WebhookAttempt.noHost(uri.getHost()) : null);
        }
    }

    private final InstantSource machine;
    private final Duration timeout;
    private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
    private final Semaphore slots = new Semaphore(AT_ONCE);
    // Created on first use, because most mocks never send anything.
    private HttpClient client;
    private volatile Target last;

    /** @param machine the real time, because receivers compare timestamps with their own clock, not the mock's */
    public WebhookClient(InstantSource machine) {
        this(machine, Rules.WEBHOOKS_TIMEOUT);
    }

    /** @param timeout the timeout of an attempt; shorter in tests */
    WebhookClient(InstantSource machine, Duration timeout) {
        this.machine = machine;
        this.timeout = timeout;
    }

    private synchronized HttpClient client() {
        if (client == null) {
            client = HttpClient.newBuilder().connectTimeout(timeout).followRedirects(HttpClient.Redirect.NEVER)
                    .version(HttpClient.Version.HTTP_1_1).executor(executor).build();
        }
        return client;
    }

    /**
     * Sends an event and reports the result: immediately if it cannot be sent, otherwise from another thread.
     *
     * @param session the session of this mock that the event is for; empty for the default one, or another receiver
     * @param secrets called immediately
     */
    void send(String url, String session, Event event, Supplier<List<String>> secrets, Consumer<WebhookAttempt> then) {
        Target target = target(url);
        if (target.nowhere != null) {
            then.accept(target.nowhere);
            return;
        }
        List<String> keys = secrets.get();
        try {
            executor.execute(() -> {
                slots.acquireUninterruptibly();
                try {
                    then.accept(send(target.uri, session, event, keys));
                } finally {
                    slots.release();
                }
            });
        } catch (RejectedExecutionException e) {
            // Events that become due while the mock stops or switches the contract are not sent.
        }
    }

    /** Caches the last target, because most events go to the same URL. */
    private Target target(String url) {
        Target known = last;
        if (known == null || !known.url.equals(url)) {
            known = Target.of(url);
            last = known;
        }
        return known;
    }

    private WebhookAttempt send(URI uri, String session, Event event, List<String> secrets) {
        long start = System.nanoTime();
        long timestamp = machine.instant().getEpochSecond();
        try {
            String payload = event.payload();
            HttpRequest.Builder request = HttpRequest.newBuilder(uri).timeout(timeout)
                    .POST(HttpRequest.BodyPublishers.ofString(payload));
            WebhookSignature.headers(secrets, event.id(), timestamp, payload).forEach(request::header);
            if (!session.isEmpty()) {
                request.header("x-mock-session", session);
            }
            HttpResponse<IgnoredBody> response = client().send(request.build(), head -> new IgnoredBody());
            WebhookAttempt attempt = WebhookAttempt.answered(response.statusCode(), millis(start),
                    response.headers().firstValue("retry-after").orElse(null), machine.instant());
            // The timeout of the request ends with the head.
            response.body().finish(timeout.toNanos() - (System.nanoTime() - start));
            return attempt;
        } catch (HttpTimeoutException e) {
            return WebhookAttempt.timedOut(millis(start));
        } catch (ConnectException e) {
            return WebhookAttempt.notConnected(millis(start));
        } catch (IOException | IllegalArgumentException e) {
            return WebhookAttempt.interrupted(millis(start));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return WebhookAttempt.interrupted(millis(start));
        }
    }

    private static int millis(long start) {
        return (int) ((System.nanoTime() - start) / 1_000_000);
    }

    @Override
    public void close() {
        executor.shutdownNow();
    }
}
