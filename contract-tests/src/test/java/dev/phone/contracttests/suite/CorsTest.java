// SPDX-License-Identifier: Apache-2.0
package dev.phone.contracttests.suite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.phone.contracttests.contract.TheContract;
import io.restassured.RestAssured;
import io.restassured.response.Response;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A page of any origin may call the API, send what the contract takes, and read what the contract documents. */
class CorsTest extends Suite {
    /** Only the mock has them. */
    private static final Set<String> OF_THE_MOCK = Set.of("preference-applied", "prefer");

    @Test
    void aPreflightAllowsWhatTheContractTakes() {
        Response preflight = RestAssured.given().filter(recorder).header("Origin", "https://app.example.com")
                .header("Access-Control-Request-Method", "POST")
                .header("Access-Control-Request-Headers", "authorization,content-type,idempotency-key").options(url("/v1/projects"));
        assertEquals(204, preflight.statusCode());
        assertEquals("*", preflight.header("access-control-allow-origin"));
        assertEquals(TheContract.CONTRACT.operations().stream().map(operation -> operation.method().toLowerCase(Locale.ROOT))
                .collect(Collectors.toCollection(TreeSet::new)), names(preflight.header("access-control-allow-methods")));
        Set<String> taken = new TreeSet<>(Set.of("authorization", "content-type", "idempotency-key"));
        TheContract.CONTRACT.json().getJsonObject("components").getJsonObject("securitySchemes").values().stream()
                .filter(scheme -> "header".equals(scheme.asJsonObject().getString("in", "")))
                .forEach(scheme -> taken.add(scheme.asJsonObject().getString("name")));
        assertEquals(taken, names(preflight.header("access-control-allow-headers")));
        assertEquals("7200", preflight.header("access-control-max-age"));
        assertNull(preflight.header("access-control-allow-credentials"), "who calls is said by headers of the page's own, never by cookies");
        assertNull(preflight.header("ratelimit"), "a preflight counts against no limit");
    }

    @Test
    void everyHeaderThatTheContractDocumentsCanBeRead() {
        Set<String> documented = TheContract.CONTRACT.operations().stream().flatMap(operation -> TheContract.CONTRACT.json().getJsonObject("paths")
                        .getJsonObject(operation.path()).getJsonObject(operation.method().toLowerCase(Locale.ROOT)).getJsonObject("responses").values().stream())
                .flatMap(response -> TheContract.CONTRACT.resolve(response).getJsonObject("headers").keySet().stream())
                .map(name -> name.toLowerCase(Locale.ROOT)).collect(Collectors.toCollection(TreeSet::new));
        for (String path : Set.of("/v1/projects", "/v1/nowhere", "/openapi.json")) {
            Response response = RestAssured.given().header("Origin", "https://app.example.com").get(url(path));
            assertEquals("*", response.header("access-control-allow-origin"), path);
            assertEquals(documented, names(response.header("access-control-expose-headers")), path);
        }
    }

    private static Set<String> names(String header) {
        return Stream.of(header.split(",")).map(name -> name.strip().toLowerCase(Locale.ROOT))
                .filter(name -> !name.startsWith("x-mock-") && !OF_THE_MOCK.contains(name)).collect(Collectors.toCollection(TreeSet::new));
    }
}
