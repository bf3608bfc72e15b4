// SPDX-License-Identifier: Apache-2.0
package dev.phone.contracttests.suite;

import static org.hamcrest.Matchers.startsWith;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.phone.contracttests.contract.TheContract;
import io.restassured.RestAssured;
import io.restassured.response.Response;
import jakarta.json.Json;
import java.io.StringReader;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The contract and its documentation, as they are served. */
class DocsTest extends Suite {

    @Test
    void theContractIsServedAsItWasBuilt() {
        Response json = RestAssured.get(url("/openapi.json"));
        json.then().statusCode(200).header("content-type", "application/json");
        try (var reader = Json.createReader(new StringReader(json.asString()))) {
            assertEquals(TheContract.CONTRACT.json(), reader.readObject());
        }
        Response yaml = RestAssured.get(url("/openapi.yaml"));
        yaml.then().statusCode(200).header("content-type", "application/yaml");
        assertEquals(3, yaml.asString().lines().filter(line -> line.matches("openapi: .*|  title: Phone|  version: .*")).count(), "openapi, title, version");
    }

    @Test
    void theDocumentationLoadsFromThisHostAlone() {
        RestAssured.given().redirects().follow(false).get(url("/")).then().statusCode(302).header("location", "/docs");
        Response docs = RestAssured.get(url("/docs"));
        docs.then().statusCode(200).header("content-type", startsWith("text/html"));
        assertFalse(docs.asString().contains("//"), docs.asString());
        List<String> scripts = Pattern.compile("src=\"([^\"]*)\"").matcher(docs.asString()).results().map(found -> found.group(1)).toList();
        assertFalse(scripts.isEmpty());
        for (String script : scripts) {
            RestAssured.get(url(script)).then().statusCode(200).header("content-type", "text/javascript; charset=utf-8");
        }
    }
}
