// SPDX-License-Identifier: Apache-2.0
package dev.phone.contracttests.suite;

import static dev.phone.contracttests.gate.NamedTests.dynamicTest;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.phone.contract.Example;
import dev.phone.contracttests.check.ExampleCheck;
import dev.phone.contracttests.contract.TheContract;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The documentation is executable: every example is sent, and must come back as documented. */
class ExamplesTest extends Suite {

    @TestFactory
    Stream<DynamicTest> everyExampleComesBackAsDocumented() {
        return TheContract.EXAMPLES.stream().filter(example -> example.illustrative() == null && isBuilt(example.operation()))
                .map(example -> dynamicTest(example.toString(), () -> send(example)));
    }

    private void send(Example example) {
        target().reset();
        RequestSpecification request = request().headers(example.headers());
        if (example.body() != null) {
            request.contentType("application/json").body(example.body().toString());
        }
        Response response = request.request(example.operation().method(), target().url() + example.target());
        assertEquals(ExampleCheck.documented(example), ExampleCheck.answered(response.statusCode(), response.asString()));
    }
}
