// SPDX-License-Identifier: Apache-2.0
package dev.phone.contracttests.suite;

import dev.phone.api.Operation;
import dev.phone.contracttests.check.ContractCheck;
import dev.phone.contracttests.check.TheContract;
import dev.phone.contracttests.target.MockTarget;
import dev.phone.contracttests.target.Target;
import io.restassured.RestAssured;
import io.restassured.specification.RequestSpecification;
import jakarta.json.JsonString;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;

/** Tests that run against any target; a tiny subclass says against which. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class Suite {
    private static final Set<String> NOT_BUILT = lines("not-built.txt");

    private Target target;

    /** @param config what this suite needs to be different from the default */
    abstract Target start(Map<String, String> config);

    /** By default nothing is limited: a suite sends more than any limit allows. */
    Map<String, String> config() {
        return new TreeMap<>(Map.of("phone.limits.enabled", "false"));
    }

    @BeforeAll
    void startTarget() {
        target = start(config());
    }

    @AfterAll
    void stopTarget() {
        target.close();
    }

    void restart() {
        target.close();
        target = start(config());
    }

    Target target() {
        return target;
    }

    /** Whether the target is to answer this operation with more than a 501. */
    boolean isBuilt(Operation operation) {
        return isBuilt(target.name(), operation);
    }

    static boolean isBuilt(String target, Operation operation) {
        return target.equals(MockTarget.NAME) || !NOT_BUILT.contains(operation.id());
    }

    /** A request whose response will be checked against the contract. */
    RequestSpecification request() {
        // What is sent is what a test says: no cookies, no charset added to the content type, no encoding of what is encoded.
        return RestAssured.given().urlEncodingEnabled(false).filter(new ContractCheck(target))
                .config(RestAssured.config().encoderConfig(io.restassured.config.EncoderConfig.encoderConfig()
                        .appendDefaultContentCharsetToContentTypeIfUndefined(false)
                        .defaultContentCharset(StandardCharsets.UTF_8)));
    }

    /** A request with the credentials of this name in the demo world. */
    RequestSpecification as(String name) {
        RequestSpecification request = request();
        TheContract.CONTRACT.json().getJsonObject("x-demo-world").getJsonObject("credentials").getJsonObject(name)
                .forEach((header, value) -> request.header(header, ((JsonString) value).getString()));
        return request;
    }

    /** The same with a JSON body; single quotes stand for double ones. */
    RequestSpecification as(String name, String body) {
        return as(name).contentType("application/json").body(body.replace('\'', '"'));
    }

    String url(String path) {
        return target.url() + path;
    }

    static Set<String> lines(String resource) {
        try (var in = Suite.class.getResourceAsStream("/" + resource)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().map(String::strip)
                    .filter(line -> !line.isEmpty() && !line.startsWith("#")).collect(Collectors.toUnmodifiableSet());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
