// SPDX-License-Identifier: Apache-2.0
package dev.phone.contracttests.proof;

import dev.phone.contracttests.pact.PactProblem;
import dev.phone.contracttests.pact.PactRun;
import dev.phone.contracttests.pact.Sender;
import dev.phone.contracttests.target.Target;
import dev.phone.contracttests.trace.Step;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;

/**
 * A deployed API. Requests are sent one at a time and respect its limits: when {@code RateLimit} has nothing left, the next request waits for the
 * next window, and after a 429 for {@code Retry-After}.
 */
final class Deployed implements Target, Sender.Transport {
    static final String NAME = "deployed";

    static final Set<String> SAFE = Set.of("GET", "HEAD", "OPTIONS");
    /** Headers that gateways add to responses, and that say nothing about the API behind them. */
    private static final Set<String> OF_GATEWAYS = Set.of("alt-svc", "cf-cache-status", "cf-ray", "connection", "keep-alive", "nel", "report-to", "server",
            "strict-transport-security", "transfer-encoding", "vary", "via", "x-envoy-upstream-service-time");
    private static final Pattern LIMIT = Pattern.compile("\"[^\"]*\";r=(\\d+);t=(\\d+)");
    private static final Duration BETWEEN = Duration.ofMillis(20);
    private static final int PATIENCE = 120;
    private static final int TOO_MANY = 429;

    private final URI url;
    private final Credentials credentials;
    private final boolean writes;
    private final Consumer<String> said;
    private final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(Duration.ofSeconds(10)).build();
    private long notBefore = System.nanoTime();
    private int requests;

    /** @param writes whether requests may change anything; @param said receives a line for each wait */
    Deployed(URI url, Credentials credentials, boolean writes, Consumer<String> said) {
        this.url = url;
        this.credentials = credentials;
        this.writes = writes;
        this.said = said;
    }

    int requests() {
        return requests;
    }

    /**
     * @throws PactRun.NotTried if the request could change something, and nothing may be changed
     * @throws PactProblem if there is no response
     */
    @Override
    public HttpResponse<byte[]> send(HttpRequest request) {
        if (!writes && !SAFE.contains(request.method())) {
            throw new PactRun.NotTried(request.method() + " may change something: -Dwrite=true allows it");
        }
        return sendAnyway(request);
    }

    private HttpResponse<byte[]> sendAnyway(HttpRequest request) {
        try {
            HttpResponse<byte[]> response = once(request);
            if (response.statusCode() == TOO_MANY && notBefore > System.nanoTime()) {
                response = once(request);
            }
            return response;
        } catch (IOException e) {
            throw new PactProblem(words(e));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new PactProblem("interrupted");
        }
    }

    private HttpResponse<byte[]> once(HttpRequest request) throws IOException, InterruptedException {
        long wait = Duration.ofNanos(notBefore - System.nanoTime()).toMillis();
        if (wait > PATIENCE * 1000L) {
            throw new PactProblem("the limit of " + url + " is spent for " + wait / 1000 + " seconds: try again then");
        }
        if (wait > 1000) {
            said.accept("  waiting " + (wait + 999) / 1000 + " s for a limit of " + url);
        }
        if (wait > 0) {
            Thread.sleep(wait);
        }
        requests++;
        HttpResponse<byte[]> response = client.send(request, HttpResponse.BodyHandlers.ofByteArray());
        notBefore = System.nanoTime() + Math.max(BETWEEN.toNanos(), Duration.ofSeconds(pause(response)).toNanos());
        return response;
    }

    /** The number of seconds to wait before the next request. */
    private static long pause(HttpResponse<?> response) {
        long seconds = 0;
        for (String limits : response.headers().allValues("ratelimit")) {
            for (Matcher matcher = LIMIT.matcher(limits); matcher.find();) {
                if (matcher.group(1).equals("0")) {
                    seconds = Math.max(seconds, number(matcher.group(2)));
                }
            }
        }
        return response.statusCode() == TOO_MANY ? Math.max(seconds, number(response.headers().firstValue("retry-after").orElse(""))) : seconds;
    }

    private static long number(String text) {
        return text.matches("\\d{1,9}") ? Long.parseLong(text) : 1;
    }

    private String words(IOException e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof SSLException) {
                return "TLS with " + url + " failed: " + cause.getMessage();
            }
            if (cause instanceof UnresolvedAddressException) {
                return "there is no host " + url.getHost();
            }
        }
        if (e instanceof ConnectException) {
            return "nothing listens at " + url;
        }
        return e instanceof HttpTimeoutException ? url + " did not answer in time" : url + " ended the connection: " + e.getMessage();
    }

    /** Sends a request that changes nothing, or that must be refused. @param headers by lower-case name */
    Step refused(String method, String target, Map<String, String> headers) {
        return step(method, target, headers, null, true);
    }

    Step get(String target, Map<String, String> headers) {
        return step("GET", target, headers, null, false);
    }

    Step step(String method, String target, Map<String, String> headers, String body, boolean anyway) {
        HttpRequest.Builder builder;
        try {
            builder = HttpRequest.newBuilder(URI.create(url + target)).timeout(Duration.ofSeconds(30))
                    .method(method, body == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body));
        } catch (IllegalArgumentException e) {
            throw new PactProblem("the request cannot be sent: " + method + " " + target);
        }
        headers.forEach(builder::header);
        if (body != null) {
            builder.header("content-type", "application/json");
        }
        HttpResponse<byte[]> response = anyway ? sendAnyway(builder.build()) : send(builder.build());
        return of(method, target, headers, body, response);
    }

    /** The exchange, without the headers that gateways add. */
    static Step of(String method, String target, Map<String, String> sent, String body, HttpResponse<byte[]> response) {
        Map<String, String> headers = new TreeMap<>();
        response.headers().map().forEach((name, values) -> headers.put(name.toLowerCase(), String.join(", ", values)));
        if (headers.containsKey("transfer-encoding")) {
            headers.putIfAbsent("content-length", String.valueOf(response.body().length));
        }
        headers.keySet().removeAll(OF_GATEWAYS);
        return new Step(method, target, sent, body, response.statusCode(), headers, new String(response.body(), StandardCharsets.UTF_8));
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public URI url() {
        return url;
    }

    /** Does nothing: a deployed API cannot be reset. */
    @Override
    public void reset() {
    }

    @Override
    public void advance(Duration duration) {
        throw new PactRun.NotTried("its clock cannot be moved");
    }

    @Override
    public String header(String name, String value) {
        return credentials.header(name, value);
    }

    @Override
    public String authorization(String development) {
        return credentials.header("authorization", development);
    }

    @Override
    public void close() {
        client.close();
    }
}
