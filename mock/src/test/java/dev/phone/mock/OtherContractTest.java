// SPDX-License-Identifier: Apache-2.0
package dev.phone.mock;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A contract that is not written like ours is served, or refused with the line, what is missing, and what to write. */
class OtherContractTest {
    private static String servable;

    @TempDir
    Path folder;

    @BeforeAll
    static void read() throws Exception {
        try (InputStream in = OtherContractTest.class.getResourceAsStream("/contract/servable.yaml")) {
            servable = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void isServed() throws Exception {
        Path file = Files.writeString(folder.resolve("pets.yaml"), servable);
        try (PhoneMock mock = PhoneMock.start(new MockOptions().contract(file))) {
            String rex = mock.url() + "/pets/rex";
            assertEquals("{\"name\":\"Rex\"}", Http.send("GET", rex, Map.of(), (String) null).raw().body());
            assertEquals(422, Http.send("GET", mock.url() + "/pets/7", Map.of(), (String) null).status());
            assertEquals(401, Http.send("PUT", rex, Map.of(), "{\"name\": \"Max\"}").status());
            Map<String, String> alice = Map.of("authorization", "Bearer dev_alice");
            assertEquals(200, Http.send("PUT", rex, alice, "{\"name\": \"Max\"}").status());
            assertEquals(422, Http.send("PUT", rex, alice, "{\"name\": 1}").status());
            assertEquals(404, Http.send("DELETE", rex, alice, (String) null).status());
        }
    }

    /** A part of the contract, what stands there instead, and the line and words in which that is refused. */
    @ParameterizedTest(name = "{1}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            openapi: 3.1.0              | openapi: 3.0.3                    | 2 | write openapi: 3.1.0
            openapi: 3.1.0              | swagger: '2.0'                    | 1 | write openapi: 3.1.0
            https://{host}              | https://{host}/api/v2             | 4 | move the base path /api/v2 into the paths
            operationId: getPet         | summary: Get                      | 9 | the operation has no operationId
            operationId: setPet         | operationId: getPet               | 16 | two operations are named getPet
            /pets/{petId}:              | /pets/{petId}.json:               | 9 | rewrite {petId}.json
            /pets/{petId}:              | /pets/{id}:                       | 9 | the path parameter id is not declared
            '200': {$ref: '#/components/responses/Pet'} | 2XX: {$ref: '#/components/responses/Pet'} | 11 | write one such as 200
            '200': {$ref: '#/components/responses/Pet'} | ok: {$ref: '#/components/responses/Pet'} | 12 | there is no status ok
            responses/Pet'}             | responses/Nothing'}               | 12 | correct the $ref
            [{bearer: []}]              | [{oauth2: [read]}]                | 17 | there are no credentials for oauth2
            [{bearer: []}]              | [{bearer: []}, {apiKey: []}]      | 17 | keep one of the 2
            {name: dry, in: query,      | {name: dry, in: cookie,           | 19 | not from cookie
            schema: {type: boolean, default: false} | content: {}           | 19 | the parameter dry has no schema
            schema: {type: boolean, default: false} | schema: {type: array, items: {type: string}} | 19 | a parameter must be a single value
            schema: {type: boolean, default: false} | schema: {type: array} | 19 | an array must have items
            required: [name]            | anyOf: [{required: [name]}]       | 42 | anyOf
            name: {type: string}        | name: {type: string, nullable: true} | 45 | we do not enforce nullable
            name: {type: string}        | name: {$ref: '#/components/parameters/PetId/schema'} | 45 | PetId/schema
            name: {type: string}        | name: {$ref: '#/components/schemas/Pet'} | 45 | is recursive
            example: {name: Rex}        | examples: {}                      | 36 | the response has no example to return
            example: {name: Rex}        | example: Rex                      | 36 | no value that is an object
            example: {name: Rex}        | examples: {rex: {externalValue: rex.json}} | 38 | externalValue is not supported
            application/json:           | text/plain:                       | 33 | is text/plain, and only application/json is served
            paths:                      | other:                            | 1 | the contract has no operations
            openapi: 3.1.0              | `{`                               | 4 | YAML
            """)
    void isRefusedWithWhatToDo(String part, String instead, int line, String words) throws Exception {
        assertTrue(servable.contains(part), part);
        Path file = Files.writeString(folder.resolve("pets.yaml"), servable.replace(part, instead));
        String message = assertThrows(IllegalArgumentException.class, () -> PhoneMock.start(new MockOptions().contract(file)).close()).getMessage();
        assertTrue(message.contains("pets.yaml:" + line + ": "), message);
        assertTrue(message.contains(words), message);
        assertTrue(!message.matches("(?s).*(Exception|For input string|java\\.|class ).*"), message);
    }
}
