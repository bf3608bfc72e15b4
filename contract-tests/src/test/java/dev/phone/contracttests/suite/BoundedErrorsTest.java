// SPDX-License-Identifier: Apache-2.0
package dev.phone.contracttests.suite;

import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.lessThanOrEqualTo;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.restassured.response.Response;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** An error stays small, whatever a request holds: it repeats only the beginning of what was sent. */
class BoundedErrorsTest extends Suite {
    private static final int LARGEST_ERROR = 16 * 1024;
    private static final int LONGEST_PATH = 200;
    private static final int MOST_VIOLATIONS = 50;

    private Response refused(String body) {
        Response response = request().headers(World.credentials("alice")).contentType("application/json").body(body).post(url("/v1/projects"));
        response.then().statusCode(422).body("error.details.violations.size()", lessThanOrEqualTo(MOST_VIOLATIONS))
                .body("error.details.violations.path.max { it.length() }.length()", lessThanOrEqualTo(LONGEST_PATH));
        assertTrue(response.body().asByteArray().length < LARGEST_ERROR, () -> response.body().asByteArray().length + " bytes");
        return response;
    }

    @Test
    void aLongNameIsCut() {
        refused("{\"name\": \"A\", \"" + "n".repeat(60_000) + "\": 1}").then().body("error.details.violations[0].path", endsWith("n…"))
                .body("error.details.violations[0].rule", equalTo("additionalProperties")).body("error.message", endsWith("… is not a known property"));
    }

    @Test
    void manyLongNamesOfControlCharactersAreFew() {
        String names = IntStream.range(0, 70).mapToObj(i -> "\"" + "\\u0001".repeat(120) + i + "\": 1").collect(Collectors.joining(", "));
        refused("{\"name\": \"A\", " + names + "}");
    }

    @Test
    void manyNamesAreFifty() {
        String names = IntStream.range(0, 3_000).mapToObj(i -> "\"unknown" + i + "\": 1").collect(Collectors.joining(", "));
        refused("{\"name\": \"A\", " + names + "}").then().body("error.details.violations.size()", equalTo(MOST_VIOLATIONS));
    }

    @Test
    void aSurrogatePairIsNotCutInTwo() {
        for (int before : new int[] {196, 197, 198, 199}) {
            refused("{\"name\": \"A\", \"" + "n".repeat(before) + "😀".repeat(5) + "\": 1}");
        }
    }

    @Test
    void aLongPathIsCut() {
        Response response = request().get(url("/v1/" + "a".repeat(3_000)));
        response.then().statusCode(404).body("error.message", endsWith("a…"));
        assertTrue(response.body().asByteArray().length < LARGEST_ERROR);
    }
}
