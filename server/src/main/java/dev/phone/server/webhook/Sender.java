// SPDX-License-Identifier: Apache-2.0
package dev.phone.server.webhook;

import dev.phone.api.Rules;
import dev.phone.api.WebhookAttempt;
import dev.phone.api.WebhookSignature;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.SchemePortResolver;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.client5.http.impl.io.DefaultHttpClientConnectionOperator;
import org.apache.hc.client5.http.impl.io.ManagedHttpClientConnectionFactory;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.io.HttpClientConnectionOperator;
import org.apache.hc.client5.http.ssl.TlsSocketStrategy;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.config.RegistryBuilder;
import org.apache.hc.core5.http.io.entity.StringEntity;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;

/**
 * Sends events over HTTP to untrusted endpoints: an attempt ends after the contract's timeout, whatever the endpoint does; redirects are not
 * followed; and only the status and {@code Retry-After} of a response are used.
 */
final class Sender implements AutoCloseable {
    private static final TimeValue KEPT_CONNECTION = TimeValue.ofSeconds(30);
    /** The maximum part of a response to read, in bytes. A shorter response is read completely, so that the connection can be reused. */
    private static final int LONGEST_BODY = 16 * 1024;
    private static final int LONGEST_LINE = 8 * 1024;
    private static final int MOST_HEADERS = 100;

    /** The attempt that this thread makes. */
    private static final ScopedValue<HttpPost> ATTEMPT = ScopedValue.newInstance();

    /** One of the sockets of an attempt: there is one for each address of a name, until one connects, and each would have the whole time. */
    private static final class AttemptSocket extends Socket {
        @Override
        public void connect(SocketAddress address, int millis) throws IOException {
            if (ATTEMPT.get().isCancelled()) {
                throw new SocketTimeoutException("the attempt is over");
            }
            super.connect(address, millis);
        }
    }

    private static final class Connections extends PoolingHttpClientConnectionManagerBuilder {
        @Override
        protected HttpClientConnectionOperator createConnectionOperator(SchemePortResolver ports, DnsResolver names, TlsSocketStrategy tls) {
            return new DefaultHttpClientConnectionOperator(proxy -> new AttemptSocket(), ports, names,
                    RegistryBuilder.<TlsSocketStrategy>create().register("https", tls).build());
        }
    }

    private final Destinations destinations;
    private final LocalReceiver receiver;
    private final InstantSource machine;
    private final int mostConnections;
    private final Timeout timeout;
    private final ScheduledExecutorService deadlines = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("webhook-deadline").factory());
    // Created on first use, because it takes a considerable part of the start-up time.
    private CloseableHttpClient client;

    /** @param machine the real time, because receivers compare timestamps with their own clock */
    Sender(Destinations destinations, LocalReceiver receiver, InstantSource machine, int mostConnections) {
        this(destinations, receiver, machine, mostConnections, Rules.WEBHOOKS_TIMEOUT);
    }

    /** @param timeout the timeout of an attempt; shorter in tests */
    Sender(Destinations destinations, LocalReceiver receiver, InstantSource machine, int mostConnections, Duration timeout) {
        this.timeout = Timeout.of(timeout);
        this.destinations = destinations;
        this.receiver = receiver;
        this.machine = machine;
        this.mostConnections = mostConnections;
    }

    private synchronized CloseableHttpClient client() {
        if (client == null) {
            URI proxy = destinations.proxy();
            client = HttpClientBuilder.create()
                    .setConnectionManager(new Connections()
                            .setDnsResolver(destinations)
                            .setMaxConnTotal(mostConnections)
                            .setMaxConnPerRoute(mostConnections)
                            .setDefaultConnectionConfig(ConnectionConfig.custom().setConnectTimeout(timeout).setSocketTimeout(timeout)
                                    .setValidateAfterInactivity(TimeValue.ofSeconds(1)).setTimeToLive(KEPT_CONNECTION).build())
                            .setConnectionFactory(ManagedHttpClientConnectionFactory.builder()
                                    .http1Config(Http1Config.custom().setMaxLineLength(LONGEST_LINE).setMaxHeaderCount(MOST_HEADERS).build()).build())
                            .build())
                    .setDefaultRequestConfig(RequestConfig.custom().setResponseTimeout(timeout).setConnectionRequestTimeout(timeout)
                            .setProtocolUpgradeEnabled(false).build())
                    .setProxy(proxy == null ? null : new HttpHost(proxy.getScheme(), proxy.getHost(), proxy.getPort()))
                    .evictExpiredConnections()
                    .disableRedirectHandling()
                    .disableAutomaticRetries()
                    .disableContentCompression()
                    .disableCookieManagement()
                    .disableAuthCaching()
                    .build();
        }
        return client;
    }

    /** Makes one attempt, and returns when it is over. */
    WebhookAttempt send(WebhookStore.Target target, String eventId, String payload) {
        URI url;
        try {
            url = URI.create(target.url());
        } catch (IllegalArgumentException e) {
            return WebhookAttempt.noHost("in " + target.url());
        }
        long timestamp = machine.instant().getEpochSecond();
        Map<String, String> headers = WebhookSignature.headers(target.secrets(), eventId, timestamp, payload);
        OptionalInt received = receiver.receive(url, headers, payload);
        if (received.isPresent()) {
            return WebhookAttempt.answered(received.getAsInt(), 0, null, machine.instant());
        }
        WebhookAttempt refusal = destinations.refusal(url);
        return refusal != null ? refusal : post(url, headers, payload);
    }

    private WebhookAttempt post(URI url, Map<String, String> headers, String payload) {
        long start = System.nanoTime();
        HttpPost request = new HttpPost(url);
        headers.forEach(request::setHeader);
        request.setEntity(new StringEntity(payload, ContentType.APPLICATION_JSON));
        Future<?> deadline = deadlines.schedule(request::cancel, timeout.toMilliseconds(), TimeUnit.MILLISECONDS);
        try {
            ClassicHttpResponse response = ScopedValue.where(ATTEMPT, request).call(() -> client().executeOpen(null, request, null));
            Header retryAfter = response.getFirstHeader("retry-after");
            WebhookAttempt attempt = WebhookAttempt.answered(response.getCode(), millis(start), retryAfter == null ? null : retryAfter.getValue(),
                    machine.instant());
            finish(request, response);
            return attempt;
        } catch (IOException | RuntimeException e) {
            return failure(url, request, e, start);
        } finally {
            deadline.cancel(false);
        }
    }

    /** Reuses a connection only if its response was read to the end; closes it otherwise. */
    private static void finish(HttpPost request, ClassicHttpResponse response) {
        HttpEntity body = response.getEntity();
        try (response) {
            if (body != null && (body.getContentLength() > LONGEST_BODY
                    || body.getContent().readNBytes(LONGEST_BODY + 1).length > LONGEST_BODY)) {
                // Closing only the response would read the rest.
                request.cancel();
            }
        } catch (IOException e) {
            // The response is known already.
        }
    }

    private static WebhookAttempt failure(URI url, HttpPost request, Exception failure, long start) {
        Throwable cause = failure;
        while (cause.getCause() != null && !(cause instanceof UnknownHostException)) {
            cause = cause.getCause();
        }
        if (cause instanceof Destinations.Forbidden) {
            return WebhookAttempt.forbidden();
        }
        int millis = millis(start);
        if (request.isCancelled() || failure instanceof SocketTimeoutException || cause instanceof SocketTimeoutException) {
            return WebhookAttempt.timedOut(millis);
        }
        return cause instanceof UnknownHostException ? WebhookAttempt.noHost(url.getHost())
                : cause instanceof ConnectException || cause instanceof NoRouteToHostException ? WebhookAttempt.notConnected(millis)
                : WebhookAttempt.interrupted(millis);
    }

    private static int millis(long start) {
        return (int) Duration.ofNanos(System.nanoTime() - start).toMillis();
    }

    /** Aborts the attempts in progress. */
    @Override
    public synchronized void close() {
        deadlines.shutdownNow();
        if (client != null) {
            try {
                client.close();
            } catch (IOException e) {
                // Nothing is left to close.
            }
        }
    }
}
