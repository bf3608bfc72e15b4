// SPDX-License-Identifier: Apache-2.0
package dev.phone.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BundleTest {
    @TempDir
    Path directory;

    @Test
    void aReferenceToAComponentStaysAReferenceAndTheComponentIsAdded() {
        file("components/schemas/Thing.yaml", "{type: string}");
        file("components/schemas/Box.yaml", "{items: {$ref: Thing.yaml}}");
        file("components/headers/Size.yaml", "{schema: {$ref: ../schemas/Thing.yaml}}");
        assertBundle("""
                {"a": {"$ref": "#/components/schemas/Thing"}, "b": {"$ref": "#/components/schemas/Box"},
                 "c": {"$ref": "#/components/headers/Size"},
                 "components": {"schemas": {"Box": {"items": {"$ref": "#/components/schemas/Thing"}}, "Thing": {"type": "string"}},
                                "headers": {"Size": {"schema": {"$ref": "#/components/schemas/Thing"}}},
                                "securitySchemes": {"bearer": {}}}}""", """
                a: {$ref: components/schemas/Thing.yaml}
                b: {$ref: components/schemas/Box.yaml}
                c: {$ref: ./components/headers/Size.yaml}
                components: {securitySchemes: {bearer: {}}}
                """);
    }

    @Test
    void aComponentMayReferToItself() {
        file("components/schemas/Tree.yaml", "{items: {$ref: Tree.yaml}}");
        assertBundle("""
                {"a": {"$ref": "#/components/schemas/Tree"},
                 "components": {"schemas": {"Tree": {"items": {"$ref": "#/components/schemas/Tree"}}}}}""",
                "a: {$ref: components/schemas/Tree.yaml}");
    }

    @Test
    void anyOtherReferenceIsInlined() {
        file("paths/things.yaml", "get: {example: [{$ref: ../examples/thing.yaml}, {$ref: '../examples/thing.yaml#/sizes/1'}]}");
        file("examples/thing.yaml", "{id: 1, sizes: [small, big]}");
        assertBundle("""
                {"paths": {"/things": {"get": {"example": [{"id": 1, "sizes": ["small", "big"]}, "big"]}}}}""",
                "paths: {/things: {$ref: paths/things.yaml}}");
    }

    @Test
    void guidesAreTagsWithoutOperations() {
        file("guides/one.md", "# One\n\nThe first.\n");
        file("guides/two.md", "# Things\n\n## Of two kinds\n");
        assertBundle("""
                {"tags": [{"name": "Guide: One", "x-displayName": "One", "description": "The first."},
                          {"name": "Guide: Things", "x-displayName": "Things", "description": "## Of two kinds"},
                          {"name": "Things", "description": "All about things."}],
                 "x-tagGroups": [{"name": "Guides", "tags": ["Guide: One", "Guide: Things"]}, {"name": "Operations", "tags": ["Things"]}]}""",
                "x-guides: [guides/one.md, guides/two.md]\ntags: [{name: Things, description: All about things.}]");
    }

    @Test
    void aTagIsWhereItWasWrittenAlsoBehindGuides() {
        file("guides/one.md", "# One\n\nThe first.\n");
        Bundle bundle = bundle("x-guides:\n  - guides/one.md\ntags:\n  - name: Things\n");
        assertEquals(directory.resolve("phone.yaml") + ":2", at(bundle, "/tags/0"));
        assertEquals(directory.resolve("phone.yaml") + ":4", at(bundle, "/tags/1/name"));
    }

    @Test
    void scalarsAreThoseOfTheCoreSchema() {
        assertBundle("""
                {"a": "no", "b": true, "c": null, "d": null, "e": 12, "f": 16, "g": 1.5, "h": "2026-01-15T09:30:00Z", "i": "+999 482 918 102",
                 "200": "012"}""", """
                {a: no, b: true, c: null, d: ~, e: 12, f: 0x10, g: 1.5, h: 2026-01-15T09:30:00Z, i: +999 482 918 102, 200: '012'}
                """);
    }

    @Test
    void aliasesStandForWhatTheyName() {
        assertBundle("""
                {"a": {"x": 1}, "b": {"x": 1}}""", "a: &here {x: 1}\nb: *here\n");
    }

    @Test
    void aContractOfOneFileComesOutAsItIs() {
        file("components/schemas/Thing.yaml", "{type: string, description: \"one\\n\\ntwo \\t: # 'quoted' \\U0001F600\", examples: ['012', 'no', '', ' a ', '1e3']}");
        Bundle parts = bundle("info: {version: '1.0'}\na: {$ref: components/schemas/Thing.yaml}\n");
        for (String whole : List.of(parts.json().toString(), Yaml.of(parts.json()))) {
            Bundle again = bundle(whole);
            assertEquals(List.of(), again.problems());
            assertEquals(parts.json(), again.json());
            assertEquals(List.copyOf(parts.json().keySet()), List.copyOf(again.json().keySet()));
        }
    }

    @Test
    void everyValueHasItsFileAndLine() {
        file("paths/things.yaml", "get:\n  summary: A\n  example:\n    $ref: ../examples/thing.yaml\n");
        file("examples/thing.yaml", "# a thing\nid: 1\n");
        file("components/schemas/Thing.yaml", "type: object\nproperties:\n  id:\n    type: string\n");
        Bundle bundle = bundle("paths:\n  /things:\n    $ref: paths/things.yaml\nschema:\n  $ref: components/schemas/Thing.yaml\n");
        assertEquals(directory.resolve("paths/things.yaml") + ":2", at(bundle, "/paths/~1things/get/summary"));
        assertEquals(directory.resolve("examples/thing.yaml") + ":2", at(bundle, "/paths/~1things/get/example/id"));
        assertEquals(directory.resolve("components/schemas/Thing.yaml") + ":3", at(bundle, "/components/schemas/Thing/properties/id"));
        assertEquals(directory.resolve("phone.yaml") + ":4", at(bundle, "/schema"));
        // What is missing is where it should have been.
        assertEquals(directory.resolve("paths/things.yaml") + ":1", at(bundle, "/paths/~1things/get/description/text"));
    }

    @Test
    void everyProblemIsReportedWithItsFileAndLine() {
        file("paths/bad.yaml", "get: {\n");
        file("paths/loop.yaml", "get:\n  post: {$ref: loop.yaml}\n");
        file("paths/own.yaml", "get: {$ref: '#/here'}\n");
        file("components/things/Thing.yaml", "{}");
        file("components/schemas/Twice.yaml", "{}");
        Bundle bundle = bundle("""
                a: {$ref: nothing.yaml}
                b:
                  $ref: paths/own.yaml
                  summary: beside it
                c: {$ref: paths/bad.yaml}
                d: {$ref: paths/loop.yaml}
                e: {$ref: paths/own.yaml}
                x-guides: [nothing.md,
                           paths/loop.yaml]
                h: {x: 1, y: 2, x: 3}
                j: .inf
                k: {$ref: 'paths/own.yaml#/post'}
                l: {$ref: components/things/Thing.yaml}
                m: {$ref: components/schemas/Twice.yaml}
                n: {$ref: [a]}
                p: &again [*again]
                components:
                  schemas:
                    Twice: {}
                """);
        assertEquals("""
                phone.yaml:1: there is no file nothing.yaml
                phone.yaml:3: a $ref must have no siblings; move them into its target
                bad.yaml:2: this is not YAML: expected the node content, but found '<stream end>' while parsing a flow node
                loop.yaml:2: loop.yaml is a circular reference; only components may be circular
                own.yaml:1: only a contract in a single file may use local references; name the file of #/here
                phone.yaml:10: the key x is here twice; remove one
                phone.yaml:11: JSON has no number .inf
                phone.yaml:12: own.yaml has no #/post
                phone.yaml:15: a $ref must be the path of a file
                phone.yaml:16: this alias refers to an enclosing value
                Twice.yaml:1: there are two components of this name, one of them in phone.yaml; rename one
                phone.yaml:1: OpenAPI has no components/things; it has schemas, responses, parameters, examples, requestBodies, headers, \
                securitySchemes, links, callbacks, pathItems
                phone.yaml:8: there is no file nothing.md
                phone.yaml:9: a guide must begin with its title; write "# " and the title as the first line of "paths/loop.yaml\"""", String.join("\n", bundle.problems().stream()
                .map(p -> p.place().file().getFileName() + ":" + p.place().line() + ": " + p.message()).toList()));
    }

    @Test
    void aContractThatIsNotThere() {
        Bundle bundle = Bundle.of(directory.resolve("nothing.yaml"));
        assertEquals("there is no file nothing.yaml", bundle.problems().getFirst().message());
    }

    private void assertBundle(String expected, String root) {
        Bundle bundle = bundle(root);
        assertEquals(List.of(), bundle.problems());
        JsonObject json = Json.createReader(new StringReader(expected)).readObject();
        assertEquals(json, bundle.json());
        // In the same order.
        assertEquals(json.toString(), bundle.json().toString());
    }

    private Bundle bundle(String root) {
        return Bundle.of(file("phone.yaml", root));
    }

    private Path file(String name, String text) {
        try {
            Path file = directory.resolve(name);
            Files.createDirectories(file.getParent());
            return Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String at(Bundle bundle, String pointer) {
        Problem.Place place = bundle.place(pointer);
        return place.file() + ":" + place.line();
    }
}
