// SPDX-License-Identifier: Apache-2.0
package dev.phone.server.auth;

import com.nimbusds.jose.util.Resource;
import com.nimbusds.jose.util.ResourceRetriever;
import java.io.IOException;
import java.net.URI;
import java.net.URL;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Reads an issuer's keys within a deadline for all of it. The library's own reader has one for each read only, so that an issuer that sends a byte a
 * second would keep everyone waiting, and no failure would be noticed.
 */
final class KeyReader implements ResourceRetriever {
    private static final int LONGEST = 100_000;

    private final HttpClient client = HttpClient.newBuilder().followRedirects(HttpClient.Redirect.NORMAL).connectTimeout(Duration.ofSeconds(2)).build();
    private final Duration deadline;

    KeyReader() {
        // Shorter than the time that requests wait for the keys.
        this(Duration.ofSeconds(4));
    }

    KeyReader(Duration deadline) {
        this.deadline = deadline;
    }

    @Override
    public Resource retrieveResource(URL url) throws IOException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url.toString())).timeout(deadline).build();
        CompletableFuture<HttpResponse<String>> answer = client.sendAsync(request,
                HttpResponse.BodyHandlers.limiting(HttpResponse.BodyHandlers.ofString(), LONGEST));
        try {
            HttpResponse<String> response = answer.get(deadline.toMillis(), TimeUnit.MILLISECONDS);
            if (response.statusCode() != 200) {
                throw new IOException("the issuer answered " + response.statusCode());
            }
            return new Resource(response.body(), response.headers().firstValue("content-type").orElse(null));
        } catch (ExecutionException e) {
            throw new IOException("the issuer's keys cannot be read", e.getCause());
        } catch (TimeoutException e) {
            // Closes the connection.
            answer.cancel(true);
            throw new IOException("the issuer did not send its keys within " + deadline, e);
        } catch (InterruptedException e) {
            answer.cancel(true);
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }
}
