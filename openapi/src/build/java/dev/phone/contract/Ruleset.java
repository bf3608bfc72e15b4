// SPDX-License-Identifier: Apache-2.0
package dev.phone.contract;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;

/** The table of our rules for a contract: the name of each, its reason, and the class that checks it. {@link Lint} reports no others. */
final class Ruleset {

    /** @param name the name in the message @param why the reason for the rule @param check the class that checks it */
    record Rule(String name, String why, Class<?> check) {
    }

    private static final Map<String, Rule> RULES = new LinkedHashMap<>();

    static {
        // The document as a whole
        rule("key", "a misspelt member would be overlooked; operations have their members in one order, so that files can be compared", Lint.class);
        rule("description", "the documentation consists of descriptions", Lint.class);
        rule("ref", "the target of a reference must exist", Lint.class);
        rule("unused", "reviewers need not read what is not used", Lint.class);
        rule("name", "a component becomes a class, so it is named like one", Lint.class);
        rule("tag", "a tag becomes the interface of its operations", Lint.class);
        // Numbers
        rule("x-rules", "each number of the product is stated once; code, guides and examples follow it", Rules.class);
        rule("rate-limit", "limits with the same name are the same limit, and the message of a 429 names it", OperationRules.class);
        // Operations
        rule("path", "a path determines its file name, and its variables are its parameters", OperationRules.class);
        rule("operation-id", "an operationId becomes a method name: a few verbs, each with one meaning", OperationRules.class);
        rule("summary", "a summary is a heading in the documentation", OperationRules.class);
        rule("security", "an operation states who may call it, with schemes that we support", OperationRules.class);
        rule("parameter", "we read parameters only from path, query and header, and each only once", OperationRules.class);
        rule("x-takes-headers", "x-takes-headers has only one value", OperationRules.class);
        rule("media-type", "we support only JSON", OperationRules.class);
        // Responses
        rule("status", "an operation documents exactly the statuses that it can return", OperationRules.class);
        rule("header", "responses of the same kind have the same headers", OperationRules.class);
        rule("error", "every error has the same format", OperationRules.class);
        rule("error-code", "the set of errors is closed: one code for each status", OperationRules.class);
        rule("envelope", "every success has the same format, which generated routes write", OperationRules.class);
        rule("page", "every list is paged the same way, by generated routes", OperationRules.class);
        rule("deletion", "every deletion returns the same format, written by generated routes", OperationRules.class);
        // Schemas
        rule("schema", "schemas are enforced; one that we cannot enforce would be an empty promise", SchemaRules.class);
        rule("inline", "an object or enum has a name, because it becomes a class", SchemaRules.class);
        rule("growth", "requests are strict, and responses may grow", SchemaRules.class);
        rule("instant", "every instant has the same format, so that one parser fits all", SchemaRules.class);
        // Examples
        rule("example", "readers learn from examples first", SchemaRules.class);
        rule("invalid-example", "readers copy examples, and suites send them", SchemaRules.class);
        rule("pair", "each response example belongs to one request: examples are tests", ExampleRules.class);
        rule("violations", "an example of a 422 lists exactly what is wrong with its request", ExampleRules.class);
        rule("x-as", "an example is sent by an existing caller", ExampleRules.class);
        rule("x-illustrative", "an example that no single request can provoke says why", ExampleRules.class);
        rule("world", "the demo world consists of resources as the API returns them", ExampleRules.class);
        // Workflows
        rule("workflow", "a workflow runs, and its samples can be pasted", Recipes.class);
    }

    private Ruleset() {
    }

    private static void rule(String name, String why, Class<?> check) {
        if (RULES.putIfAbsent(name, new Rule(name, why, check)) != null) {
            throw new IllegalArgumentException("there are two rules " + name);
        }
    }

    static Collection<Rule> all() {
        return RULES.values();
    }

    /** Whether there is a rule of this name. An unreadable file is a problem without a rule. */
    static boolean has(String name) {
        return RULES.containsKey(name);
    }

    /** @throws IllegalArgumentException if there is no rule of this name */
    static Rule of(String name) {
        Rule rule = RULES.get(name);
        if (rule == null) {
            throw new IllegalArgumentException("there is no rule " + name + "; add it to the table");
        }
        return rule;
    }
}
