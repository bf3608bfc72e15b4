// SPDX-License-Identifier: Apache-2.0
package dev.phone.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;

class RouterTest {
    private final Router<Operation> routes = new Router<>();

    RouterTest() {
        Operations.ALL.forEach(operation -> routes.add(operation, operation));
    }

    @Test
    void everyOperationIsFound() {
        for (Operation operation : Operations.ALL) {
            Router.Match<Operation> match = routes.match(operation.method(), operation.path().replaceAll("\\{[^}]*}", "x"));
            assertEquals(operation, match.target());
            match.names().forEach(name -> assertEquals("x", match.value(name)));
        }
    }

    @Test
    void aLiteralWinsOverAParameter() {
        assertEquals("sendOtp", routes.match("POST", "/v1/otp/send").target().id());
        assertEquals("getOtp", routes.match("GET", "/v1/otp/sent").target().id());
        assertNull(routes.match("GET", "/v1/otp/send"));
    }

    @Test
    void aParameterIsDecodedOnceItIsKnownWhereItEnds() {
        assertEquals("+999 482 918 102", routes.match("GET", "/v1/numbers/+999%20482%20918%20102").value("phoneNumber"));
        assertEquals("+999 482 918 102", routes.match("GET", "/v1/numbers/%2B999%20482%20918%20102").value("phoneNumber"));
        assertEquals("a/b", routes.match("GET", "/v1/projects/a%2Fb").value("projectId"));
        assertEquals("..", routes.match("GET", "/v1/projects/%2e%2e").value("projectId"));
        assertEquals("é", routes.match("GET", "/v1/projects/%C3%A9").value("projectId"));
    }

    @Test
    void nothingElseIsFound() {
        for (String path : List.of("", "/", "*", "v1/projects", "/v1", "/v1/", "/v1//projects", "//v1/projects", "/v1/projects/", "/v1/projects//",
                "/v1/Projects", "/v1/projects/a/b", "/v1/projects/a/applications/b", "/v2/projects", "/v1/./projects", "/v1/x/../projects")) {
            assertNull(routes.match("GET", path), path);
        }
        assertNull(routes.match("PUT", "/v1/projects"));
        assertNull(routes.match("get", "/v1/projects"));
    }

    @Test
    void twoRoutesInOnePlaceAreAMistake() {
        assertThrows(IllegalArgumentException.class, () -> routes.add(Operations.LIST_PROJECTS, Operations.LIST_PROJECTS));
    }
}
