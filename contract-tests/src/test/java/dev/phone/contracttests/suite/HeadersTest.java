// SPDX-License-Identifier: Apache-2.0
package dev.phone.contracttests.suite;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.notNullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.restassured.RestAssured;
import io.restassured.response.Response;
import java.io.IOException;
import java.net.Socket;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The headers of responses that are no operation's. Those of operations are compared with the contract in every test. */
class HeadersTest extends Suite {

    @Test
    void aPreflightHasTheHeadersOfEveryResponse() {
        Response preflight = RestAssured.given().header("Origin", "https://app.example.com").header("Access-Control-Request-Method", "GET")
                .options(url("/v1/projects"));
        assertEquals(Set.of("date", "cache-control", "x-content-type-options", "x-request-id", "access-control-allow-origin",
                "access-control-expose-headers", "access-control-allow-methods", "access-control-allow-headers", "access-control-max-age"),
                preflight.headers().asList().stream().map(header -> header.getName().toLowerCase(Locale.ROOT))
                        .filter(name -> !name.equals("connection") && !name.equals("content-length") && !name.startsWith("x-mock-"))
                        .collect(Collectors.toSet()));
    }

    @Test
    void soHasWhatIsNoHttp() throws IOException {
        try (Socket socket = new Socket(target().url().getHost(), target().url().getPort())) {
            socket.getOutputStream().write("GET /v1/projects HTTP/1.1\r\nHost: localhost\r\nno colon\r\n\r\n".getBytes(ISO_8859_1));
            String head = new String(socket.getInputStream().readAllBytes(), ISO_8859_1).split("\r\n\r\n")[0];
            Set<String> names = head.lines().skip(1).map(line -> line.substring(0, line.indexOf(':')).toLowerCase(Locale.ROOT))
                    .filter(name -> !name.equals("connection") && !name.startsWith("x-mock-")).collect(Collectors.toCollection(TreeSet::new));
            assertEquals(new TreeSet<>(Set.of("date", "content-type", "content-length", "cache-control", "x-content-type-options",
                    "x-request-id", "access-control-allow-origin", "access-control-expose-headers")), names, head);
        }
    }

    @Test
    void soHaveThePages() {
        for (String page : Set.of("/docs", "/docs/start.js", "/openapi.json", "/openapi.yaml")) {
            RestAssured.get(url(page)).then().statusCode(200)
                    .header("date", notNullValue())
                    .header("cache-control", matchesPattern("no-store|no-cache"))
                    .header("x-content-type-options", equalTo("nosniff"))
                    .header("x-request-id", matchesPattern("req_[0-9a-hjkmnp-tv-z]{26}"))
                    .header("access-control-allow-origin", equalTo("*"));
        }
    }

    /** What a script or a platform asks that waits for it. It has no limit and needs no credentials. */
    @Test
    void soHasHealth() {
        for (String page : Set.of("/health/live", "/health/ready")) {
            Response health = RestAssured.get(url(page));
            assertEquals("{\"status\":\"UP\"}", health.then().statusCode(200).extract().asString());
            assertEquals(new TreeSet<>(Set.of("date", "content-type", "cache-control", "x-content-type-options", "x-request-id",
                    "access-control-allow-origin", "access-control-expose-headers")), health.headers().asList().stream()
                    .map(header -> header.getName().toLowerCase(Locale.ROOT))
                    .filter(name -> !name.equals("connection") && !name.equals("content-length") && !name.startsWith("x-mock-"))
                    .collect(Collectors.toCollection(TreeSet::new)));
        }
    }
}
