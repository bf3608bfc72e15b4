// SPDX-License-Identifier: Apache-2.0
package dev.phone.contracttests.target;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;

/** The mock's jar in its own process, controlled through its admin API. */
public final class MockJarTarget implements Target {
    private final HttpClient client = HttpClient.newHttpClient();
    private final ApiProcess jar;

    /** @param config only {@code phone.limits.enabled} is used */
    public MockJarTarget(Map<String, String> config) {
        jar = ApiProcess.mock("false".equals(config.get("phone.limits.enabled")) ? Map.of("PHONE_LIMITS", "off") : Map.of());
        reset();
    }

    @Override
    public String name() {
        return TargetType.MOCK_JAR.toString();
    }

    @Override
    public URI url() {
        return URI.create("http://localhost:" + jar.port);
    }

    @Override
    public void reset() {
        admin("clock", "{\"freeze\": \"" + START + "\"}");
        admin("reset", "{}");
    }

    @Override
    public void advance(Duration duration) {
        settle();
        admin("clock", "{\"advance\": \"" + duration + "\"}");
    }

    @Override
    public void settle() {
        admin("clock", "{\"advance\": \"PT0S\"}");
    }

    private void admin(String page, String body) {
        HttpRequest request = HttpRequest.newBuilder(url().resolve("/__admin/phone/" + page)).header("content-type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body)).build();
        try {
            HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
            if (response.statusCode() != 200) {
                throw new IllegalStateException(page + " " + body + " answered " + response.statusCode() + " " + response.body());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        jar.close();
        client.close();
    }
}
