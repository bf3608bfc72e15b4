// SPDX-License-Identifier: Apache-2.0
package dev.phone.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.phone.contract.Contract;
import dev.phone.nasty.Color;
import dev.phone.nasty.NastyService;
import dev.phone.nasty.Small;
import dev.phone.nasty.Thing;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonValue;
import java.io.IOException;
import java.io.StringReader;
import java.lang.reflect.Field;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What the templates make of a contract. The nasty contract (src/test/contract) has everything that is hard to generate.
 *
 * <p>The strongest test here compares the generated constants with the contract read directly: whatever the generator loses or bends on
 * the way through its own model, of ours or of the nasty contract, fails.
 */
class GeneratedCodeTest {
    private static final Contract NASTY = Contract.read(Path.of("src/test/contract/nasty.yaml"));
    private static final Contract OURS = Contract.read(Path.of("phone.yaml"));

    @TestFactory
    Stream<DynamicTest> generatedSchemasAreTheContracts() {
        return Stream.of(NASTY, OURS).flatMap(contract -> contract.json().getJsonObject("components").getJsonObject("schemas").entrySet().stream()
                .filter(schema -> hasConstant(schema.getKey(), schema.getValue().asJsonObject())).map(Map.Entry::getKey)
                .map(name -> dynamicTest(name, () -> assertEquals(contract.schema(name), generated(contract == NASTY ? "dev.phone.nasty." : "dev.phone.api.", name)))));
    }

    /** Routes write the envelopes of successes; what may be anything is written where it is used. */
    private static boolean hasConstant(String name, JsonObject schema) {
        boolean envelope = name.endsWith("Page") || name.endsWith("Envelope") && !name.equals("ErrorEnvelope");
        return !envelope && schema.containsKey("type") && (schema.containsKey("properties") || !schema.getString("type").equals("object"));
    }

    /** Named scalars, and what is not an object, are constants of one class; all others have a class each. */
    private static Object generated(String prefix, String name) throws ReflectiveOperationException {
        try {
            return Class.forName(prefix + name).getField("SCHEMA").get(null);
        } catch (ClassNotFoundException | NoSuchFieldException e) {
            Field constant = Class.forName(prefix + "Scalars").getDeclaredField(name.replaceAll("([a-z])([A-Z])", "$1_$2").toUpperCase(Locale.ROOT));
            constant.setAccessible(true);
            return constant.get(null);
        }
    }

    @Test
    void noGeneratedNameHidesOneOfJavaLang() throws IOException {
        try (Stream<Path> classes = Files.list(Path.of("target/classes/dev/phone/api"))) {
            assertEquals(List.of(), classes.map(file -> file.getFileName().toString().replace(".class", "")).filter(name -> {
                try {
                    return Class.forName("java.lang." + name) != null;
                } catch (ClassNotFoundException e) {
                    return false;
                }
            }).toList(), "rename them");
        }
    }

    @TestFactory
    Stream<DynamicTest> generatedOperationsAreTheContracts() {
        return Stream.concat(compare(NASTY.operations(), dev.phone.nasty.Operations.ALL), compare(OURS.operations(), Operations.ALL));
    }

    private static Stream<DynamicTest> compare(List<Operation> contract, List<Operation> generated) {
        Map<String, Operation> byId = new TreeMap<>();
        generated.forEach(operation -> byId.put(operation.id(), operation));
        assertEquals(contract.size(), byId.size());
        return contract.stream().map(operation -> dynamicTest(operation.id(), () -> assertEquals(operation, byId.get(operation.id()))));
    }

    @Test
    void generatedBackstopIsTheContracts() {
        assertEquals(OURS.backstop(), Operations.BACKSTOP);
        assertEquals(NASTY.backstop(), dev.phone.nasty.Operations.BACKSTOP);
    }

    private static JsonObject json(String text) {
        return Json.createReader(new StringReader(text)).readObject();
    }

    private static final JsonObject GOOD = json("""
            {"id": "thg_01", "name": "ab", "small": {"a": ""}, "list": ["x"], "nothing": null, "at": "2026-01-15T09:30:00Z"}
            """);

    private static List<String> violations(Schema schema, JsonValue value) {
        Violations violations = new Violations();
        schema.check(value, "", violations);
        return violations.list().stream().map(v -> v.path() + " " + v.rule()).toList();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "id          | `\"thg_0\"`                    | /id pattern",
        "id          | `\"thg_01\\n\"`                | /id pattern",
        "id          | 7                              | /id type",
        "id          | null                           | /id type",
        "name        | `\"a\"`                        | /name minLength",
        "name        | `\"abcdef\"`                   | /name maxLength",
        "name        | `\"👍👍👍👍👍\"`               | ",
        "name        | `\"👍👍👍👍👍👍\"`             | /name maxLength",
        "unanchored  | `\" x \"`                      | ",
        "unanchored  | `\"   \"`                      | /unanchored pattern",
        "unanchored  | `\"\\u00a0\\u2028\\ufeff\"`   | /unanchored pattern",
        "bounds      | -5                             | ",
        "bounds      | 5                              | ",
        "bounds      | -6                             | /bounds minimum",
        "bounds      | 6                              | /bounds maximum",
        "bounds      | 1.0                            | ",
        "bounds      | 1.5                            | /bounds type",
        "bounds      | `\"1\"`                        | /bounds type",
        "bounds      | 2147483648                     | /bounds format",
        "bounds      | 1e999999999                    | /bounds format",
        "strict      | 0                              | /strict exclusiveMinimum",
        "strict      | 1                              | ",
        "strict      | 9223372036854775806            | ",
        "strict      | 9223372036854775807            | /strict exclusiveMaximum",
        "strict      | 9223372036854775808            | /strict format",
        "ratio       | 0.5                            | ",
        "ratio       | 1.25                           | ",
        "ratio       | 1.5                            | /ratio exclusiveMaximum",
        "ratio       | 0.25                           | /ratio minimum",
        "ratio       | 0.6                            | /ratio multipleOf",
        "even        | 3                              | /even multipleOf",
        "flag        | true                           | ",
        "flag        | `\"true\"`                     | /flag type",
        "color       | `\"dark-green\"`               | ",
        "color       | `\"DARK_GREEN\"`               | /color enum",
        "color       | null                           | /color type",
        "maybe       | null                           | ",
        "maybe       | `\"\"`                         | /maybe minLength",
        "nothing     | `\"soon\"`                     | /nothing format",
        "maybeNumber | null                           | ",
        "maybeNumber | 0                              | /maybeNumber minimum",
        "maybeFlag   | null                           | ",
        "at          | null                           | /at type",
        "at          | `\"2026-01-15T09:30Z\"`        | /at format",
        "at          | `\"2026-01-15T09:30:00\"`      | /at format",
        "at          | `\"2026-02-30T09:30:00Z\"`     | /at format",
        "at          | `\"2026-01-15T09:30:00.123+01:00\"` | ",
        "day         | `\"2026-02-29\"`               | /day format",
        "day         | `\"2028-02-29\"`               | ",
        "link        | `\"https://example.com/x\"`    | ",
        "link        | `\"/x\"`                       | `/link pattern,/link format`",
        "link        | `\"https://example.com/ü\"`    | /link format",
        "mail        | `\"a@b.c\"`                    | ",
        "mail        | `\"a@b\"`                      | /mail format",
        "uuid        | `\"8e03978e-40d5-43e8-bc93-6894a57f9324\"` | ",
        "uuid        | `\"8e03978e\"`                 | /uuid format",
        "small       | `{}`                           | /small/a required",
        "small       | `{\"a\": \"\", \"b\": 1}`      | /small/b additionalProperties",
        "small       | `[]`                           | /small type",
        "list        | `[]`                           | /list minItems",
        "list        | `[\"a\",\"b\",\"c\",\"d\"]`    | /list maxItems",
        "list        | `[\"a\",\"a\"]`                | /list uniqueItems",
        "list        | `[\"abcd\"]`                   | /list/0 maxLength",
        "colors      | `[\"red\",\"blue\"]`           | /colors/1 enum",
        "smalls      | `[{\"a\":\"\"},{}]`            | /smalls/1/a required",
        "ids         | `[\"x\"]`                      | /ids/0 pattern",
        "numbers     | `[1, 0]`                       | /numbers/1 minimum",
        "matrix      | `[[1,2],[1,2,3]]`              | /matrix/1 maxItems",
        "map         | `{}`                           | /map minProperties",
        "map         | `{\"a\":\"1\",\"b\":\"2\",\"c\":\"3\"}` | /map maxProperties",
        "map         | `{\"x/y\": \"long\"}`          | /map/x~1y maxLength",
        "named       | `{\"thg_01\": \"x\"}`         | ",
        "named       | `{\"thg/01\": \"x\"}`         | /named/thg~101 propertyNames",
        "named       | `{\"\": \"long\"}`           | `/named/ propertyNames,/named/ maxLength`",
        "namedTwice  | `{\"👍👍👍\": {\"thg_01\": 1}}` | ",
        "namedTwice  | `{\"\": {\"thg_0\": 1}}`      | `/namedTwice/ propertyNames,/namedTwice//thg_0 propertyNames`",
        "mapOfLists  | `{\"a\": [\"\"]}`              | /mapOfLists/a/0 minLength",
        "mapOfSmalls | `{\"a\": {}}`                  | /mapOfSmalls/a/a required",
        "any         | null                           | ",
        "any         | `[1, {\"a\": null}]`           | ",
        "a/b~c       | 1                              | /a~1b~0c type",
        "maybeList   | null                           | ",
        "maybeMap    | `{\"a\": 1}`                   | /maybeMap/a type",
        "unknown     | 1                              | /unknown additionalProperties",
    })
    void everyKeywordIsEnforced(String property, String value, String expected) {
        JsonObject thing = Json.createObjectBuilder(GOOD).add(property, Json.createReader(new StringReader(value)).readValue()).build();
        assertEquals(expected == null ? List.of() : List.of(expected.split(",")), violations(Thing.SCHEMA, thing));
        if (expected == null) {
            // What is valid is read and written again without a loss; absent defaults are filled in.
            JsonObject written = Thing.fromJson(thing).toJson();
            thing.forEach((name, member) -> {
                if (member != JsonValue.NULL && !name.equals("at")) {
                    assertEquals(member.toString().replace("1.0", "1"), written.get(name).toString(), name);
                }
            });
        }
    }

    @Test
    void allIsReportedAtOnceInTheOrderOfTheContract() {
        assertEquals(List.of("/id pattern", "/name required", "/small/a type", "/list minItems", "/nothing required", "/at required",
                "/zzz additionalProperties"),
                violations(Thing.SCHEMA, json("{\"zzz\": 1, \"list\": [], \"small\": {\"a\": 1}, \"id\": \"\"}"))
                        .stream().sorted(java.util.Comparator.comparing(List.of("/id pattern", "/name required", "/small/a type",
                                "/list minItems", "/nothing required", "/at required", "/zzz additionalProperties")::indexOf)).toList());
        assertEquals(List.of(" type"), violations(Thing.SCHEMA, JsonValue.EMPTY_JSON_ARRAY));
        assertEquals(" minProperties", violations(Thing.SCHEMA, JsonValue.EMPTY_JSON_OBJECT).getFirst());
    }

    @Test
    void recordsHoldTypedValuesAndDefaults() {
        Thing thing = Thing.fromJson(Json.createObjectBuilder(GOOD).add("color", "dark-green").add("day", "2026-01-15")
                .add("strict", 5).add("mapOfSmalls", Json.createObjectBuilder().add("k", Json.createObjectBuilder().add("a", "b"))).build());
        assertEquals(Color.DARK_GREEN, thing.color());
        assertEquals(Instant.parse("2026-01-15T09:30:00Z"), thing.at());
        assertEquals(LocalDate.of(2026, 1, 15), thing.day());
        assertEquals(5L, thing.strict());
        assertEquals(Map.of("k", new Small("b")), thing.mapOfSmalls());
        assertEquals(7, thing.size());
        assertEquals("a \"b\"", thing.label());
        assertNull(thing.shade());
        assertNull(thing.nothing());
        assertTrue(thing.toJson().isNull("nothing"), "a required nullable is written as null");
        assertTrue(!thing.toJson().containsKey("maybe"), "an absent optional stays absent");
        assertThrows(UnsupportedOperationException.class, () -> thing.mapOfSmalls().put("x", null));
    }

    /** An exchange out of a test's hands. */
    private record Sent(Map<String, String> path, Map<String, List<String>> query, Map<String, List<String>> headers, byte[] body)
            implements Exchange {
        @Override
        public String path(String name) {
            return path.get(name);
        }

        @Override
        public List<String> query(String name) {
            return query.getOrDefault(name, List.of());
        }

        @Override
        public Map<String, String> allHeaders() {
            return Map.of();
        }

        @Override
        public List<String> header(String name) {
            return headers.getOrDefault(name.toLowerCase(java.util.Locale.ROOT), List.of());
        }
    }

    private static Sent sent(String body, String contentType) {
        return new Sent(Map.of("thingId", "thg_01", "count", "3"), Map.of("since", List.of("2026-01-15T10:30:00+01:00")),
                Map.of("x-trace", List.of("abc"), "content-type", List.of(contentType)), body.getBytes(StandardCharsets.UTF_8));
    }

    private static List<String> refused(Operation operation, Exchange exchange) {
        ApiError error = assertThrows(ApiError.class, () -> Input.read(operation, exchange));
        assertEquals(422, error.status());
        return error.body().error().details().violations().stream().map(v -> v.path() + " " + v.rule()).toList();
    }

    @Test
    void parametersOfAllPlacesAreTypedAndDefaulted() {
        List<Object> called = new ArrayList<>();
        NastyService service = new NastyService() {
            @Override
            public Thing createThing(Caller.Application caller, String thingId, Integer count, Integer limit, Color color,
                    Instant since, Boolean flag, Thing request) {
                called.addAll(List.of(caller.id(), thingId, count, limit, since, request.name()));
                assertNull(color);
                assertNull(flag);
                return request;
            }
        };
        Route route = NastyService.routes(service, null).stream().filter(r -> r.operation().id().equals("createThing")).findFirst().orElseThrow();
        Response response = route.handler().handle(new Caller.Application("app", "prj", "name", "client", true),
                Input.read(route.operation(), sent(GOOD.toString(), "application/json; charset=utf-8")));
        assertEquals(List.of("app", "thg_01", 3, 20, Instant.parse("2026-01-15T09:30:00Z"), "ab"), called);
        assertEquals(201, response.status());
        assertEquals("thg_01", response.json().getJsonObject("data").getString("id"));
    }

    private static JsonObject answered(NastyService service, String operation, Map<String, List<String>> query) {
        Route route = NastyService.routes(service, CURSORS).stream().filter(r -> r.operation().id().equals(operation)).findFirst().orElseThrow();
        Response response = route.handler().handle(new Caller.User("alice"),
                Input.read(route.operation(), new Sent(Map.of("thingId", "thg_01"), query, Map.of(), new byte[0])));
        assertEquals(200, response.status());
        return response.json();
    }

    /** Shows what a list is of. */
    private static final Cursors CURSORS = new Cursors() {
        @Override
        public String write(String[] list, String id) {
            return String.join(" ", list) + " " + id;
        }

        @Override
        public String read(String[] list, String cursor) {
            String prefix = String.join(" ", list) + " ";
            return cursor.startsWith(prefix) ? cursor.substring(prefix.length()) : null;
        }
    };

    @Test
    void aPageIsOfOneListAndSaysWhereItGoesOn() {
        NastyService service = new NastyService() {
            @Override
            public Page<Thing> listThings(Caller.User caller, Color color, PageRequest page) {
                assertEquals(2, page.fetchLimit());
                Thing thing = Thing.fromJson(GOOD);
                return page.of(page.last() == null ? List.of(thing, thing.withId("thg_02")) : List.of(thing.withId(page.last())), Thing::id);
            }
        };
        JsonObject first = answered(service, "listThings", Map.of("limit", List.of("1"), "color", List.of("red")));
        assertEquals(json("{\"nextCursor\": \"listThings alice RED thg_01\"}"), first.get("meta"));
        assertEquals(1, first.getJsonArray("data").size());
        JsonObject last = answered(service, "listThings",
                Map.of("limit", List.of("1"), "color", List.of("red"), "cursor", List.of("listThings alice RED thg_01")));
        assertEquals(json("{\"nextCursor\": null}"), last.get("meta"));
        assertEquals(422, assertThrows(ApiError.class, () -> answered(service, "listThings",
                Map.of("limit", List.of("1"), "cursor", List.of("listThings alice RED thg_01")))).status(), "it is the cursor of another list");
    }

    @Test
    void aDeletionReturnsWhatWasDeleted() {
        List<String> deleted = new ArrayList<>();
        NastyService service = new NastyService() {
            @Override
            public void deleteThing(Caller.User caller, String thingId) {
                deleted.add(thingId);
            }
        };
        assertEquals(json("{\"data\": {\"id\": \"thg_01\", \"gone\": true}}"), answered(service, "deleteThing", Map.of()));
        assertEquals(List.of("thg_01"), deleted);
    }

    @Test
    void aTagThatNobodyImplementsAnswers501() {
        NastyService mine = new NastyService() {
            @Override
            public Thing dropThing(Caller.Anonymous caller, jakarta.json.JsonValue request) {
                return Thing.fromJson(GOOD);
            }
        };
        assertEquals(dev.phone.nasty.Operations.ALL.size(), dev.phone.nasty.Routes.of(CURSORS).size());
        assertEquals(200, call(dev.phone.nasty.Routes.of(CURSORS, mine)));
        assertEquals(501, call(dev.phone.nasty.Routes.of(CURSORS)));
        assertThrows(IllegalArgumentException.class, () -> dev.phone.nasty.Routes.of(CURSORS, mine, mine));
        assertThrows(IllegalArgumentException.class, () -> dev.phone.nasty.Routes.of(CURSORS, new Service() { }), "it implements no tag");
    }

    private static int call(List<Route> routes) {
        Route route = routes.stream().filter(r -> r.operation() == dev.phone.nasty.Operations.DROP_THING).findFirst().orElseThrow();
        try {
            return route.handler().handle(new Caller.Anonymous(), Input.read(route.operation(), sent("1", "application/json"))).status();
        } catch (ApiError e) {
            return e.status();
        }
    }

    @Test
    void parametersAreCheckedTogetherWithTheBody() {
        assertEquals(List.of("path:thingId pattern", "path:count exclusiveMaximum", "query:limit type", "query:color enum",
                "query:since required", "query:flag type", "header:x-trace maxLength", "/name minLength"),
                refused(dev.phone.nasty.Operations.CREATE_THING, new Sent(Map.of("thingId", "x", "count", "10"),
                        Map.of("limit", List.of("many"), "color", List.of("blue"), "flag", List.of("yes")),
                        Map.of("x-trace", List.of("abcde"), "content-type", List.of("application/json")),
                        Json.createObjectBuilder(GOOD).add("name", "a").build().toString().getBytes(StandardCharsets.UTF_8))));
    }

    @Test
    void aParameterGivenTwiceIsAmbiguous() {
        assertEquals(List.of("query:since repeated"), refused(dev.phone.nasty.Operations.CREATE_THING,
                new Sent(Map.of("thingId", "thg_01", "count", "3"), Map.of("since", List.of("2026-01-15T10:30:00Z", "2026-01-15T10:30:00Z")),
                        Map.of("x-trace", List.of("abc"), "content-type", List.of("application/json")),
                        GOOD.toString().getBytes(StandardCharsets.UTF_8))));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{", "{}x", "{}{}", "{'a': 1}", "{\"a\": NaN}", "{\"a\": 01}", "[1,]", "nul", "\u0000"})
    void whatIsNotOneJsonTextIsRefused(String body) {
        assertEquals(List.of(" json"), refused(dev.phone.nasty.Operations.CREATE_THING, sent(body, "application/json")));
    }

    /** The body is JSON, so the violation is where it is, and not "must be JSON". */
    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"name": "a\\u0000b"}                 | /name characters
            {"name": "\\ud800"}                   | /name characters
            {"name": "\\udc00\\ud800"}            | /name characters
            {"a~/b\\u0000": 1}                     | /a~0~1b\0 characters
            {"name": 1, "name": "ab"}             | /name repeated
            {"list": [{"x": 1, "x": 2}]}          | /list/0/x repeated
            {"name": 1e2000000000}                | /name type
            """)
    void whatIsJsonButUnfitIsReportedWhereItIs(String body, String violation) {
        List<String> found = refused(dev.phone.nasty.Operations.CREATE_THING, sent(body, "application/json"));
        assertTrue(found.contains(violation.replace("\\0", "\0")), () -> body + " is refused for " + found);
        assertFalse(found.contains(" json"), () -> body + " is refused for " + found);
    }

    @Test
    void aNumberOutOfProportionIsReportedWhereItIs() {
        assertTrue(refused(dev.phone.nasty.Operations.CREATE_THING, sent("{\"list\": [" + "9".repeat(2_000) + "]}", "application/json"))
                .contains("/list/0 maxLength"));
    }

    @Test
    void deepNestingIsRefusedWithoutAStackOverflow() {
        assertEquals(List.of(" depth"), refused(dev.phone.nasty.Operations.CREATE_THING, sent("[".repeat(30_000), "application/json")));
        assertEquals(List.of(" depth"), refused(dev.phone.nasty.Operations.CREATE_THING,
                sent("[".repeat(30_000) + "]".repeat(30_000), "application/json")));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            application/json                                          |
            Application/JSON                                          |
            application/json;                                         |
            application/json ; charset=UTF-8                          |
            application/json; charset="utf-8"                         |
            application/json; charset="ut\\f-8"                      |
            application/json; charset=utf8                            |
            application/json; profile="https://x/charset=y"           |
            application/json; profile="a;charset=latin1"              |
            application/json; charset=utf-8000                        | must be application/json in UTF-8, not in utf-8000
            application/json; charset=latin1                          | must be application/json in UTF-8, not in latin1
            application/json; charset=utf-8; charset=latin1           | must be application/json in UTF-8, not in latin1
            application/json; charset                                 | must be application/json
            application/json; charset="utf-8                          | must be application/json
            application/jsonp                                         | must be application/json
            application/json, text/plain                              | must be application/json
            application/problem+json                                  | must be application/json
            """)
    void theMediaTypeIsReadByItsGrammar(String contentType, String problem) {
        assertEquals(problem, MediaType.notJson(contentType));
    }

    @ParameterizedTest(name = "limit={0}")
    @ValueSource(strings = {"1.0", "1e1", "+1", "01", "0x1", " 1", "1 ", "\u0661", "", "1,0"})
    void anIntegerParameterIsAnIntegerAsText(String limit) {
        assertEquals(List.of("query:limit type"), refused(dev.phone.nasty.Operations.CREATE_THING,
                new Sent(Map.of("thingId", "thg_01", "count", "3"), Map.of("since", List.of("2026-01-15T10:30:00Z"), "limit", List.of(limit)),
                        Map.of("x-trace", List.of("abc"), "content-type", List.of("application/json")),
                        GOOD.toString().getBytes(StandardCharsets.UTF_8))));
    }

    @Test
    void invalidUtf8IsRefused() {
        Sent good = sent("", "application/json");
        assertEquals(List.of(" json"), refused(dev.phone.nasty.Operations.CREATE_THING,
                new Sent(good.path, good.query, good.headers, new byte[] {'"', (byte) 0xC3, '"'})));
    }

    @ParameterizedTest
    @ValueSource(strings = {"text/plain", "application/json; charset=latin1", "application/jsonx", "multipart/form-data", ""})
    void otherMediaTypesAreRefused(String type) {
        assertEquals(List.of("header:content-type mediaType"), refused(dev.phone.nasty.Operations.CREATE_THING, sent("{}", type)));
    }

    @Test
    void aMissingBodyIsRefusedOnlyWhereOneIsRequired() {
        assertEquals(List.of(" required"), refused(dev.phone.nasty.Operations.CREATE_THING, sent("", "application/json")));
        assertNull(Input.read(dev.phone.nasty.Operations.DROP_THING, sent("", "application/json")).body());
    }

    @Test
    void whatIsNotImplementedAnswers501() {
        NastyService nothing = new NastyService() { };
        for (Route route : NastyService.routes(nothing, null)) {
            Caller caller = switch (route.operation().auth()) {
                case BEARER -> new Caller.User("u");
                case TRIPLE, API_KEY -> new Caller.Application("a", "p", "n", "c", true);
                case PUBLIC -> new Caller.Anonymous();
            };
            ApiError error = assertThrows(ApiError.class,
                    () -> route.handler().handle(caller, Input.read(route.operation(), sent(GOOD.toString(), "application/json"))));
            assertEquals(501, error.status());
        }
    }

    @Test
    void manyViolationsAreCapped() {
        JsonObjectBuilder hostile = Json.createObjectBuilder();
        for (int i = 0; i < 10_000; i++) {
            hostile.add("x" + i, 1);
        }
        assertEquals(50, violations(Thing.SCHEMA, hostile.build()).size());
    }
}
