// SPDX-License-Identifier: Apache-2.0
package dev.phone.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each rule is broken once, in a contract that is right otherwise, and must be reported once, at the line that breaks it. */
class LintTest {
    private static final String GOOD = read(Path.of("src/test/contract/good.yaml"));

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @TempDir
    Path directory;

    @Test
    void aGoodContractHasNoProblems() {
        assertEquals(List.of(), check(GOOD));
    }

    @Test
    void aProblemNamesItsLineAndPointer() {
        Problem problem = check(GOOD.replace("summary: Get a thing", "summary: Get a thing.")).getFirst();
        assertTrue(problem.toString().matches(".*phone\\.yaml:[0-9]+: summary: .* \\(#/paths/~1v1~1things~1\\{thingId}/get/summary\\)"),
                problem.toString());
    }

    // The document

    @Test
    void unknownKeyOfTheDocument() {
        change("tags:\n", "x-ratelimit: {}\ntags:\n").breaks("key", "x-ratelimit");
    }

    @Test
    void anotherOpenApi() {
        change("openapi: 3.1.0", "openapi: 3.0.3").breaks("key", "openapi: 3.0.3");
    }

    @Test
    void serverWithoutDescription() {
        change("{url: /, description: The host of this page}", "{url: /}").breaks("description", "{url: /}");
    }

    @Test
    void tagWithoutDescription() {
        change("{name: Things, description: All about things.}", "{name: Things}").breaks("description", "{name: Things}");
    }

    @Test
    void tagThatNothingHas() {
        change("  - {name: Things,", "  - {name: Spare, description: For nothing.}\n  - {name: Things,").breaks("tag", "name: Spare");
    }

    @Test
    void tagDeclaredTwice() {
        change("  - {name: Things,",
                "  - {name: Things, description: All about them.}\n  - {name: Things,").breaks("tag", "All about things");
    }

    @Test
    void noBackstop() {
        change("x-rate-limit: {name: requests, limit: 120, window: 60, key: ip, noun: requests}\n",
                "").breaks("rate-limit", "# The smallest");
    }

    @Test
    void unusedComponent() {
        change("    RequestId: ", "    Spare: {description: For nothing., schema: {type: string, examples: [a]}}\n    RequestId: ")
                .breaks("unused", "Spare");
    }

    @Test
    void unusedSecurityScheme() {
        change("    bearer: {",
                "    spare: {type: http, scheme: basic, description: For nothing.}\n    bearer: {").breaks("unused", "spare");
    }

    @Test
    void unusedFile() throws IOException {
        Path spare = Files.createDirectories(directory.resolve("guides")).resolve("spare.md");
        Files.writeString(spare, "Nobody reads me.");
        assertEquals(List.of("unused " + spare + ":1"), check(GOOD).stream().map(p -> p.rule() + " " + p.place().file() + ":"
                + p.place().line()).toList());
    }

    @Test
    void componentThatIsNotPascalCase() {
        change("'#/components/schemas/Size'",
                "'#/components/schemas/size'").change("    Size:\n", "    size:\n").breaks("name", "    size:\n", 2);
    }

    @Test
    void referenceToNothing() {
        change("      $ref: '#/components/schemas/Size'", "      $ref: '#/components/schemas/Nothing'")
                .breaks("ref", "        size:", "schema", "        size:", "unused", "    Size:");
    }

    @Test
    void workflowThatCannotRun() {
        change("tags:\n", """
                x-workflows:
                  - workflows:
                      - workflowId: get
                        steps:
                          - {stepId: got, operationId: getThings}
                          - stepId: again
                            operationId: getThing
                            parameters: [{name: thingId, in: path, value: $steps.got.outputs.thingId}]
                          - stepId: token
                            operationId: getThing
                tags:
                """).breaks("workflow", "getThings", "workflow", "stepId: again", "workflow", "stepId: token");
    }

    // Operations

    @Test
    void unknownKeyOfAnOperation() {
        change("  summary: Get a thing\n", "  sumary: Get a thing\n").breaks("key", "sumary:", "summary", "    get:");
    }

    @Test
    void keysOutOfOrder() {
        change("      summary: Get a thing\n      description: A thing of yours.\n",
                "      description: A thing of yours.\n      summary: Get a thing\n").breaks("key", "    get:");
    }

    @Test
    void operationIdWithoutAKnownVerb() {
        change("operationId: getThing", "operationId: fetchThing").breaks("operation-id", "fetchThing");
    }

    @Test
    void operationIdWithoutANoun() {
        change("operationId: getThing", "operationId: get").breaks("operation-id", "operationId: get\n");
    }

    @Test
    void operationIdThatIsNotCamelCase() {
        change("operationId: getThing", "operationId: get_thing").breaks("operation-id", "get_thing");
    }

    @Test
    void operationIdOfTwo() {
        change("operationId: getThing", "operationId: createThing").breaks("operation-id", "createThing", 2);
    }

    @Test
    void summaryOfTooManyWords() {
        change("summary: Get a thing", "summary: Get a thing that you have made").breaks("summary", "summary: Get a thing that");
    }

    @Test
    void summaryWithAFullStop() {
        change("summary: Get a thing", "summary: Get a thing.").breaks("summary", "summary: Get a thing.");
    }

    @Test
    void summaryInTitleCase() {
        change("summary: Get a thing", "summary: Get a Thing").breaks("summary", "summary: Get a Thing");
    }

    @Test
    void operationWithoutDescription() {
        change("      description: A thing of yours.\n", "").breaks("description", "    get:");
    }

    @Test
    void operationWithAnUndeclaredTag() {
        change("operationId: getThing\n      tags: [Things]", "operationId: getThing\n      tags: [Thing]").breaks("tag", "tags: [Thing]");
    }

    @Test
    void operationWithTwoTags() {
        change("operationId: getThing\n      tags: [Things]", "operationId: getThing\n      tags: [Things, Things]")
                .breaks("tag", "tags: [Things, Things]");
    }

    @Test
    void operationWithoutSecurity() {
        change("      security: []\n", "").breaks("security", "    post:\n      operationId: callThing");
    }

    @Test
    void securityByAnUnknownScheme() {
        change("security: [{bearer: []}]",
                "security: [{basic: []}]").breaks("security", "security: [{basic: []}]", "unused", "    bearer:");
    }

    @Test
    void incompleteRateLimit() {
        change("key: clientId", "key: user").breaks("rate-limit", "key: user");
    }

    @Test
    void twoRateLimitsOfOneName() {
        change("x-rate-limit: {name: things,", "x-rate-limit: {name: requests,").breaks("rate-limit", "limit: 5");
    }

    @Test
    void tooManyRequestsOfAnotherNoun() {
        change("Too many requests — retry in 1s",
                "Too many things — retry in 1s").breaks("rate-limit", "          examples:\n            rateLimited:");
    }

    @Test
    void pathInAFileOfAnotherName() throws IOException {
        Path file = Files.createDirectories(directory.resolve("paths")).resolve("nothing.yaml");
        Files.writeString(file, "{}");
        List<Problem> problems = check(GOOD.replace("  /v1/things/call:", "  /v1/things/{thingId}/parts: {$ref: paths/nothing.yaml}\n  /v1/things/call:"));
        assertEquals(List.of("the file of /v1/things/{thingId}/parts must be named things-thingId-parts.yaml; rename it"),
                problems.stream().map(Problem::message).toList());
        assertEquals(file, problems.getFirst().place().file());
    }

    @Test
    void pathThatIsNotOurs() {
        change("  /v1/things/call:", "  /v2/things/call:").breaks("path", "/v2/things/call:");
    }

    @Test
    void pathVariableWithoutAParameter() {
        change("  /v1/things/{thingId}:", "  /v1/things/{thingId}/{partId}:").breaks("path", "    get:");
    }

    @Test
    void pathParameterThatIsNotInThePath() {
        change("  /v1/things/{thingId}:", "  /v1/things/one:").breaks("path", "    get:");
    }

    @Test
    void pathParameterThatIsNotRequired() {
        change("        required: true\n        description: The ID of a thing.", "        description: The ID of a thing.")
                .breaks("path", "- name: thingId", "pair", "mine:");
    }

    @Test
    void parameterInACookie() {
        change("      in: header\n      description: Any string.", "      in: cookie\n      description: Any string.")
                .breaks("parameter", "    IdempotencyKey:");
    }

    @Test
    void parameterWithoutDescription() {
        change("      description: Any string.\n", "").breaks("description", "    IdempotencyKey:");
    }

    @Test
    void parameterGivenTwice() {
        change("        - $ref: '#/components/parameters/IdempotencyKey'\n", """
                    - $ref: '#/components/parameters/IdempotencyKey'
                    - $ref: '#/components/parameters/IdempotencyKey'
            """).breaks("parameter", "    IdempotencyKey:");
    }

    @Test
    void parameterWithTheBeginningOfItsSchemasDescription() {
        String schema = "{type: string, examples: [one]}\n  responses:";
        assertEquals(List.of(), check(GOOD.replace(schema, schema.replace("{", "{description: Any string., "))));
        change(schema, schema.replace("{", "{description: Any string. Its case counts., ")).breaks("description", "    IdempotencyKey:");
    }

    @Test
    void requestBodyWithTheDescriptionOfItsSchema() {
        assertEquals(List.of(), check(GOOD.replace("        description: The thing you want.\n", "")));
        String own = "        description: The thing you want.\n";
        change(own, own.replace("The thing you want", "The thing")).breaks("description", "        description: The thing.\n        content:");
    }

    @Test
    void headersThatAreNotTaken() {
        change("      description: A thing of yours.\n      security: [{apiKey: []}]\n",
                "      description: A thing of yours.\n      security: [{apiKey: []}]\n      x-takes-headers: false\n")
                .breaks("x-takes-headers", "x-takes-headers: false");
    }

    @Test
    void anotherMediaType() {
        change("          content:\n            application/json:\n", "          content:\n            text/json:\n")
                .breaks("media-type", "          content:\n            text/json", "pair", "created: {summary: A small one, value: {id: thg_3");
    }

    // Responses

    @Test
    void missingStatuses() {
        for (String status : List.of("'401': {$ref: '#/components/responses/Unauthenticated'}", "'429': {$ref: '#/components/responses/RateLimited'}",
                "'500': {$ref: '#/components/responses/InternalError'}")) {
            change("        " + status + "\n", "").breaks("status", "      responses:");
        }
        for (String status : List.of("403", "404", "422")) {
            int from = GOOD.indexOf("        '" + status + "':", GOOD.indexOf("getThing"));
            Change missing = change(GOOD.substring(from, GOOD.indexOf("\n        '", from) + 1), "");
            if (status.equals("403")) {
                missing.breaks("status", "      responses:\n        '200':");
            } else {
                missing.breaks("status", "      responses:\n        '200':", "pair", status.equals("404") ? "unknown:" : "malformed:");
            }
        }
    }

    @Test
    void statusThatCannotBe() {
        change("      security: []\n", "      security: [{bearer: []}]\n").breaks("status", "      responses:", 3);
        change("security: [{apiKey: []}]", "security: [{bearer: []}]")
                .breaks("status", "        '403':", "unused", "    apiKey:");
    }

    @Test
    void statusThatIsNotOurs() {
        change("        '500': {$ref: '#/components/responses/InternalError'}\n", """
                    '418': {$ref: '#/components/responses/InternalError'}
                    '500': {$ref: '#/components/responses/InternalError'}
            """).breaks("status", "'418'", "pair", "internalError:");
    }

    @Test
    void creationThatIsNotAPost() {
        change("        '200':\n          description: The thing.", "        '201':\n          description: The thing.")
                .breaks("status", "'201':\n          description: The thing.");
    }

    @Test
    void noSuccess() {
        change("        '501':\n", "        '404':\n").change("code: NOT_IMPLEMENTED}}}", "code: NOT_FOUND}}}")
                .breaks("status", "      responses:\n        '429'");
    }

    @Test
    void responseWithoutDescription() {
        change("          description: The new thing.\n", "").breaks("description", "        '201':");
    }

    @Test
    void responseWithoutAHeader() {
        // Those of RateLimited; all others share theirs.
        for (String header : List.of("x-request-id: {$ref: '#/components/headers/RequestId'}",
                "RateLimit-Policy: {$ref: '#/components/headers/RateLimitPolicy'}", "RateLimit: {$ref: '#/components/headers/RateLimit'}")) {
            change("\n        " + header + "\n", "\n").breaks("header", "      headers:\n");
        }
    }

    @Test
    void refusedCredentialsWithoutAChallenge() {
        change(", WWW-Authenticate: {$ref: '#/components/headers/WwwAuthenticate'}", "")
                .breaks("unused", "    WwwAuthenticate:", "header", "{x-request-id: {$ref: '#/components/headers/RequestId'}, "
                        + "RateLimit-Policy: {$ref: '#/components/headers/RateLimitPolicy'}, RateLimit: {$ref: '#/components/headers/RateLimit'}}");
    }

    @Test
    void replayThatCannotBeTold() {
        change(", Idempotent-Replayed: {$ref: '#/components/headers/IdempotentReplayed'}", "")
                .breaks("unused", "    IdempotentReplayed:", "header", "          headers: {x-request-id");
    }

    @Test
    void acceptedByAGet() {
        change("        '200':\n          description: The thing.", "        '202':\n          description: The thing.")
                .breaks("status", "'202':\n          description: The thing.");
    }

    @Test
    void tooManyRequestsWithoutRetryAfter() {
        change("        Retry-After: {$ref: '#/components/headers/RetryAfter'}\n",
                "").breaks("header", "      headers:\n        x-request-id",
                "unused", "    RetryAfter:");
    }

    @Test
    void retryAfterOnAnotherStatus() {
        change("      description: Our fault.\n      headers: *limited\n", """
                  description: Our fault.
                  headers:
                    x-request-id: {$ref: '#/components/headers/RequestId'}
                    RateLimit-Policy: {$ref: '#/components/headers/RateLimitPolicy'}
                    RateLimit: {$ref: '#/components/headers/RateLimit'}
                    Retry-After: {$ref: '#/components/headers/RetryAfter'}
            """).breaks("header", "      headers:\n        x-request-id", 2);
    }

    @Test
    void headerWithoutDescription() {
        change("RetryAfter: {description: Seconds to wait., schema", "RetryAfter: {schema").breaks("description", "    RetryAfter:");
    }

    @Test
    void successThatIsNoEnvelope() {
        change("          schema: {$ref: '#/components/schemas/ThingEnvelope'}\n              examples:\n                found: {summary: A small one, value: {data: {id: thg_1, size: small}}}",
                "          schema: {$ref: '#/components/schemas/Thing'}\n              examples:\n                found: {summary: A small one, value: {id: thg_1, size: small}}")
                .breaks("envelope", "          schema: {$ref: '#/components/schemas/Thing'}\n              examples:\n                found");
    }

    @Test
    void metaThatIsNoPage() {
        change("    Size:\n", "    Envelope: {type: object, description: One thing., required: [data, meta], "
                + "properties: {data: {$ref: '#/components/schemas/Thing'}, meta: {$ref: '#/components/schemas/Thing'}}}\n    Size:\n")
                .change("          schema: {$ref: '#/components/schemas/ThingEnvelope'}\n              examples:\n                found: {summary: A small one, value: {data: {id: thg_1, size: small}}}",
                        "          schema: {$ref: '#/components/schemas/Envelope'}\n              examples:\n                found: {summary: A small one, value: {data: {id: thg_1, size: small}, meta: {id: thg_1, size: small}}}")
                .breaks("page", "schemas/Envelope'}");
    }

    @Test
    void deletionThatReturnsSomethingElse() {
        change("    get:\n      operationId: getThing", "    delete:\n      operationId: deleteThing").breaks("deletion", "          schema: {$ref: '#/components/schemas/ThingEnvelope'}\n              examples:\n                found");
    }

    @Test
    void errorOfAnotherShape() {
        String taken = "              examples:\n                taken: {summary: It is taken, value: {error: {message: Taken, code: CONFLICT}}}";
        change("              schema: {$ref: '#/components/schemas/ErrorEnvelope'}\n" + taken,
                "              schema: {$ref: '#/components/schemas/Open'}\n" + taken)
                .change("    Size:\n", "    Open: {description: Anything., examples: [1]}\n    Size:\n").breaks("error", "schemas/Open");
    }

    @Test
    void errorWithTheCodeOfAnother() {
        change("code: CONFLICT}}}", "code: NOT_FOUND}}}").breaks("error-code", "code: NOT_FOUND}}}");
    }

    @Test
    void codesThatDoNotCoverTheEnum() {
        change("        - {code: FORBIDDEN, status: 403}\n", "").breaks("error-code", "      x-statuses:", "status", "        '403':");
    }

    @Test
    void responseWithoutExamples() {
        change("              examples:\n                reserved: {summary: Not built yet, value: {error: {message: Not built, code: NOT_IMPLEMENTED}}}\n",
                "")
                .breaks("example", "            application/json:", 8);
    }

    // Schemas

    @Test
    void keywordThatIsNotEnforced() {
        change("      description: How big it is.\n",
                "      description: How big it is.\n      title: Size\n").breaks("schema", "title: Size");
    }

    @Test
    void openObjectThatClientsSend() {
        change("      required: [id]\n      additionalProperties: false\n", "      required: [id]\n").breaks("growth", "    Thing:");
    }

    @Test
    void closedObjectThatOnlyWeSend() {
        change("    ErrorEnvelope:\n", "    ErrorEnvelope:\n      additionalProperties: false\n").breaks("growth", "    ErrorEnvelope:");
    }

    @Test
    void schemaWithoutDescription() {
        change("      description: How big it is.\n", "").breaks("description", "    Size:");
    }

    @Test
    void propertyWithoutDescription() {
        change("          description: The ID of the thing.\n", "").breaks("description", "        id:\n");
    }

    @Test
    void propertyWithoutExamples() {
        change("          examples: [thg_1]\n", "").breaks("example", "        id:\n");
    }

    @Test
    void objectWithoutAName() {
        change("        size:\n          $ref: '#/components/schemas/Size'\n", """
                    size:
                      $ref: '#/components/schemas/Size'
                    box:
                      type: object
                      description: What it comes in.
                      additionalProperties: false
            """).breaks("inline", "        box:");
    }

    @Test
    void enumWithoutAName() {
        change("        size:\n          $ref: '#/components/schemas/Size'\n", """
                    size:
                      $ref: '#/components/schemas/Size'
                    colour:
                      type: string
                      description: What it looks like.
                      enum: [red, blue]
                      examples: [red]
            """).breaks("inline", "        colour:");
    }

    @Test
    void namesInAMapWithoutASchemaOfTheirOwn() {
        change("        size:\n          $ref: '#/components/schemas/Size'\n", """
                    size:
                      $ref: '#/components/schemas/Size'
                    labels:
                      type: object
                      description: What is written on it.
                      propertyNames:
                        type: string
                      additionalProperties:
                        type: string
                      examples: [{a: b}]
            """).breaks("inline", "          propertyNames:");
    }

    @Test
    void bodyWithoutAName() {
        change("            schema: {$ref: '#/components/schemas/Thing'}\n", "            schema: {}\n")
                .change("      required: [id]\n      additionalProperties: false\n", "      required: [id]\n").breaks("inline", "schema: {}");
    }

    @Test
    void instantOfAnyPrecision() {
        change("        size:\n          $ref: '#/components/schemas/Size'\n", """
                    size:
                      $ref: '#/components/schemas/Size'
                    madeAt:
                      type: string
                      format: date-time
                      description: When it was made.
                      examples: ['2026-01-15T09:30:00Z']
            """).breaks("instant", "        madeAt:");
    }

    @Test
    void exampleThatBreaksItsSchema() {
        change("      examples: [small]\n", "      examples: [huge]\n").breaks("invalid-example", "examples: [huge]");
    }

    @Test
    void defaultThatBreaksItsSchema() {
        change("      examples: [small]\n", "      examples: [small]\n      default: huge\n").breaks("invalid-example", "default: huge");
    }

    // Examples

    @Test
    void exampleWithoutASummary() {
        change("suspended: {summary: It is, x-as", "suspended: {x-as").breaks("summary", "suspended: {x-as");
    }

    @Test
    void misspeltKeyOfAnExample() {
        change("suspended: {summary: It is, x-as: suspended,", "suspended: {summary: It is, x-is: suspended, x-as: suspended,")
                .breaks("key", "x-is:");
    }

    @Test
    void responseThatBreaksItsSchema() {
        change("created: {summary: It is there, value: {data: {id: thg_3, size: small}}}",
                "created: {summary: It is there, value: {data: {id: thg_3, size: huge}}}").breaks("invalid-example", "size: huge");
    }

    @Test
    void webhookThatBreaksItsSchema() {
        change("webhook: {summary: A small one, value: {data: {id: thg_1, size: small}}}",
                "webhook: {summary: A small one, value: {data: {id: thg_1, size: huge}}}").breaks("invalid-example", "size: huge");
    }

    @Test
    void requestThatBreaksItsSchemaAndSucceeds() {
        change("created: {summary: A small one, value: {id: thg_3, size: small}}",
                "created: {summary: A small one, value: {id: thg_3, size: huge}}")
                .breaks("invalid-example", "size: huge");
    }

    @Test
    void parameterThatBreaksItsSchemaAndSucceeds() {
        change("unknown: {summary: No such thing, value: thg_9}",
                "unknown: {summary: No such thing, value: nothing}").breaks("invalid-example", "value: nothing");
    }

    @Test
    void violationsThatAreNotWhatComesBack() {
        change("rule: type, message: must be a string}", "rule: type, message: must be text}").breaks("violations", "must be text");
        change("'Validation failed: /id must be a string'", "'Validation failed: /id must be text'").breaks("violations", "must be text");
    }

    @Test
    void requestExampleWithoutAResponse() {
        change("              taken: {summary: One",
                "              spare: {summary: One more, value: {id: thg_4}}\n              taken: {summary: One")
                .breaks("pair", "spare:");
    }

    @Test
    void parameterExampleThatIsNeverSent() {
        change("          malformed: {summary: Not an ID, value: one}", "          spare: {summary: Another, value: thg_5}\n"
                + "          malformed: {summary: Not an ID, value: one}").breaks("pair", "spare:");
    }

    @Test
    void responseWhoseRequestIsThatOfAnother() {
        change("                unknown: {summary: No such thing, value: {error",
                "                lost: {summary: No such thing, value: {error")
                .breaks("pair", "lost:", "pair", "unknown:");
    }

    @Test
    void exampleNameOfTwoStatuses() {
        change("                suspended: {", "                found: {").breaks("pair", "                found: {summary: It is,");
    }

    @Test
    void requiredParameterWithoutExamples() {
        int from = GOOD.indexOf("        examples:\n          mine:");
        change(GOOD.substring(from, GOOD.indexOf("    get:", from)), "").breaks("pair",
                "      - name: thingId", "pair", "                unknown:",
                "pair", "            malformed:");
    }

    @Test
    void senderWhoIsNobody() {
        change("x-as: suspended,", "x-as: stranger,").breaks("x-as", "x-as: stranger");
    }

    @Test
    void demoWorldWithoutTheUsualSender() {
        change("    app: {x-api-key: ph_test_api_1}\n", "").breaks("x-as", "    get:");
    }

    @Test
    void illustrativeWithoutAReason() {
        change("x-illustrative: needs more requests than one", "x-illustrative: true").breaks("x-illustrative", "x-illustrative: true");
    }

    @Test
    void demoWorldThatBreaksItsSchema() {
        change("{id: thg_1, size: small}}\npaths:", "{id: thg_1, size: huge}}\npaths:").breaks("invalid-example", "size: huge");
    }

    @Test
    void demoWorldOfStrangers() {
        change("{user: alice, value", "{user: stranger, value").breaks("world", "user: stranger");
    }

    @Test
    void demoWorldOfUnknownThings() {
        change("  things:\n    - {user", "  stuff:\n    - {user").breaks("world", "stuff:");
    }

    // Webhooks

    @Test
    void webhookWithoutDescription() {
        change("      description: Sent when a thing was created.\n",
                "").breaks("description", "    post:\n      operationId: onThingCreated");
    }

    @Test
    void webhookWithoutAnOperationId() {
        change("      operationId: onThingCreated\n",
                "").breaks("operation-id", "    post:\n      tags: [Things]\n      summary: A thing was created");
    }

    @Test
    void webhookWithoutABody() {
        int from = GOOD.indexOf("      requestBody:\n        description: The thing.");
        change(GOOD.substring(from, GOOD.indexOf("      responses:", from)), "").breaks("example",
                "    post:\n      operationId: onThingCreated");
    }

    private Change change(String from, String to) {
        return new Change(GOOD).change(from, to);
    }

    private List<Problem> check(String contract) {
        Path file = directory.resolve("phone.yaml");
        try {
            Files.writeString(file, contract);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Bundle bundle = Bundle.of(file);
        assertEquals(List.of(), bundle.problems());
        return Lint.check(bundle);
    }

    /** A contract that is no longer good. */
    private final class Change {
        private final String contract;

        Change(String contract) {
            this.contract = contract;
        }

        /** Replaces the first of its kind. */
        Change change(String from, String to) {
            assertTrue(contract.contains(from), () -> "the good contract has no " + from);
            return new Change(contract.substring(0, contract.indexOf(from)) + to + contract.substring(contract.indexOf(from) + from.length()));
        }

        /** @param expected rule and line, the line being the first that holds this text, in turns */
        void breaks(String... expected) {
            TreeSet<String> problems = new TreeSet<>();
            for (int i = 0; i < expected.length; i += 2) {
                problems.add(expected[i] + " in line " + line(expected[i + 1], 1));
            }
            assertProblems(problems);
        }

        /** @param nth which of the lines that hold this text, from 1 */
        void breaks(String rule, String text, int nth) {
            assertProblems(new TreeSet<>(List.of(rule + " in line " + line(text, nth))));
        }

        private void assertProblems(TreeSet<String> expected) {
            List<Problem> problems = check(contract);
            TreeSet<String> actual = new TreeSet<>();
            problems.forEach(problem -> actual.add(problem.rule() + " in line " + problem.place().line()));
            assertEquals(expected, actual, () -> String.join("\n", problems.stream().map(Problem::toString).toList()));
        }

        private int line(String text, int nth) {
            int at = -1;
            for (int i = 0; i < nth; i++) {
                at = contract.indexOf(text, at + 1);
                assertTrue(at >= 0, () -> "the contract has no " + text);
            }
            return (int) contract.substring(0, at).chars().filter(c -> c == '\n').count() + 1;
        }
    }
}
