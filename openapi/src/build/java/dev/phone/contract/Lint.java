// SPDX-License-Identifier: Apache-2.0
package dev.phone.contract;

import dev.phone.contract.Problem.Place;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Checks a contract against the {@link Ruleset}. A contract that breaks a rule fails the build.
 *
 * <p>This class checks the document as a whole; {@link OperationRules}, {@link SchemaRules}, {@link ExampleRules}, {@link Rules} and
 * {@link Recipes} check its parts.
 */
final class Lint {
    private static final Set<String> KEYS = Set.of("openapi", "info", "servers", "tags", "x-rate-limit", "x-rules", "x-demo-world", "x-tagGroups",
            Recipes.WORKFLOWS, "paths", "webhooks", "components");

    private final Bundle bundle;
    // A shared or aliased part is checked wherever it is used, but reported once.
    private final Map<String, Problem> problems = new LinkedHashMap<>();

    final Spot document;
    final Schemas schemas;

    private Lint(Bundle bundle) {
        this.bundle = bundle;
        this.document = Spot.of(bundle.json());
        this.schemas = new Schemas(bundle.json(), (pointer, message) -> report(pointer, "schema", message));
    }

    /** The problems, sorted by file and line. */
    static List<Problem> check(Bundle bundle) {
        Lint lint = new Lint(bundle);
        lint.document();
        lint.references();
        lint.files();
        Rules.check(lint);
        new SchemaRules(lint).check();
        new OperationRules(lint).check();
        new ExampleRules(lint).check();
        Recipes.check(lint);
        return lint.problems.values().stream().sorted(Comparator.comparing((Problem p) -> p.place().file())
                .thenComparing(p -> p.place().line())).toList();
    }

    /** Whether it is in a file other than the root. */
    boolean isInPart(Spot spot) {
        return !bundle.place(spot.pointer()).file().equals(bundle.place("").file());
    }

    String fileName(Spot spot) {
        return bundle.place(spot.pointer()).file().getFileName().toString();
    }

    void report(Spot spot, String rule, String message) {
        report(spot.pointer(), rule, message);
    }

    private void report(String pointer, String rule, String message) {
        Problem problem = new Problem(bundle.place(pointer), pointer, Ruleset.of(rule).name(), message);
        problems.putIfAbsent(problem.place() + rule + message, problem);
    }

    /** Reports each unknown member, because a misspelt one would otherwise be overlooked. */
    void onlyKeys(Spot spot, Set<String> known) {
        for (String key : spot.object().keySet()) {
            if (!known.contains(key)) {
                report(spot.raw(key), "key", key + " is not allowed here; remove it, or use one of: "
                        + String.join(", ", known.stream().sorted().toList()));
            }
        }
    }

    /** Reports a missing description; {@code what} is for example "the parameter limit". */
    void described(Spot spot, String what) {
        if (spot.get("description").text().isBlank()) {
            report(spot, "description", what + " has no description; add one");
        }
    }

    private void document() {
        onlyKeys(document, KEYS);
        if (!document.get("openapi").text().startsWith("3.1.")) {
            report(document.raw("openapi"), "key", "the contract is OpenAPI 3.1; write openapi: 3.1.0");
        }
        described(document.get("info"), "the API");
        document.raw("servers").items().forEach(server -> described(server, "the server " + server.get("url").text()));
        document.get("components").get("securitySchemes").members().forEach((name, scheme) ->
                described(scheme, "the security scheme " + name));
        if (!document.raw("x-rate-limit").exists()) {
            report(document, "rate-limit", "the limit of all requests is missing; add x-rate-limit at the root");
        }
        Set<String> tags = new HashSet<>();
        for (Spot tag : document.raw("tags").items()) {
            String name = tag.get("name").text();
            described(tag, "the tag " + name);
            if (!tags.add(name)) {
                report(tag, "tag", "the tag " + name + " is declared twice; remove one");
            }
        }
    }

    private void references() {
        Set<String> used = new HashSet<>();
        references(document, used);
        document.get("components").members().forEach((kind, components) -> {
            for (String name : components.object().keySet()) {
                Spot component = components.raw(name);
                if (kind.equals("securitySchemes")) {
                    continue;
                }
                if (!used.contains(component.pointer())) {
                    report(component, "unused", "nothing refers to " + kind + "/" + name + "; remove it");
                }
                if (!name.matches("([A-Z][a-z0-9]*)+")) {
                    report(component, "name", name + " is not PascalCase; rename the component and its file");
                }
            }
        });
    }

    private void references(Spot spot, Set<String> used) {
        if (spot.isReference()) {
            if (!spot.target().exists()) {
                report(spot, "ref", "there is nothing at " + spot.reference() + "; correct the $ref");
            }
            // A reference from inside a component to itself does not count as a use.
            String target = spot.reference().substring(Math.min(1, spot.reference().length()));
            if (!spot.pointer().startsWith(target + "/")) {
                used.add(target);
            }
            return;
        }
        if (spot.value() instanceof JsonObject object) {
            object.keySet().forEach(name -> references(spot.raw(name), used));
        } else {
            spot.items().forEach(item -> references(item, used));
        }
    }

    /** Reports files in the contract's folders that are not part of it. */
    private void files() {
        Path directory = bundle.place("").file().getParent();
        for (String folder : List.of("components", "paths", "webhooks", "examples", "guides", "workflows")) {
            if (!Files.isDirectory(directory.resolve(folder))) {
                continue;
            }
            try (Stream<Path> files = Files.walk(directory.resolve(folder))) {
                files.filter(file -> Files.isRegularFile(file) && !bundle.files().contains(file)).sorted().forEach(file -> {
                    Problem problem = new Problem(new Place(file, 1), "", "unused", "the contract does not refer to this file; remove it");
                    problems.put(problem.toString(), problem);
                });
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
