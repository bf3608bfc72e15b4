// SPDX-License-Identifier: Apache-2.0
package dev.phone.contract;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;

/** Our rules for a contract, as a table: what each is called, why it is there, and which class checks it. {@link Lint} reports no other. */
final class Ruleset {

    /** @param name as a problem begins with it @param why for whom, or what, it is good @param check the class that finds what breaks it */
    record Rule(String name, String why, Class<?> check) {
    }

    private static final Map<String, Rule> RULES = new LinkedHashMap<>();

    static {
        // The document as a whole
        rule("key", "a misspelt member would be overlooked; those of an operation have one order, so that files can be compared", Lint.class);
        rule("description", "the documentation is made of descriptions", Lint.class);
        rule("ref", "what is referred to must exist", Lint.class);
        rule("unused", "what nobody refers to is read for nothing", Lint.class);
        rule("name", "a component becomes a class, and is called like one", Lint.class);
        rule("tag", "a tag becomes the interface of its operations", Lint.class);
        // Numbers
        rule("x-rules", "each number of the product stands once, and code, guides and examples follow", Rules.class);
        rule("rate-limit", "limits of one name are one limit, and the message of a 429 says which", OperationRules.class);
        // Operations
        rule("path", "a path tells its file, and its variables are its parameters", OperationRules.class);
        rule("operation-id", "an operationId becomes a method: few verbs, which mean the same everywhere", OperationRules.class);
        rule("summary", "a summary is a heading in the documentation", OperationRules.class);
        rule("security", "an operation says who may call it, in a way that we can check", OperationRules.class);
        rule("parameter", "a parameter is where we read it, and there once", OperationRules.class);
        rule("x-takes-headers", "an operation is given its headers, or is not", OperationRules.class);
        rule("media-type", "we speak JSON alone", OperationRules.class);
        // Responses
        rule("status", "an operation documents what it can answer, and nothing else", OperationRules.class);
        rule("header", "responses of a kind have the same headers", OperationRules.class);
        rule("error", "every error has the same shape", OperationRules.class);
        rule("error-code", "the set of errors is closed: one code for each status", OperationRules.class);
        rule("envelope", "every success has the same shape, which generated routes write", OperationRules.class);
        rule("page", "every list is paged alike, by generated routes", OperationRules.class);
        rule("deletion", "every deletion answers alike, by generated routes", OperationRules.class);
        // Schemas
        rule("schema", "a schema is enforced: one that cannot be would promise what nobody keeps", SchemaRules.class);
        rule("inline", "what has a shape of its own has a name, and becomes a class", SchemaRules.class);
        rule("growth", "requests are strict, and answers may grow", SchemaRules.class);
        rule("instant", "every instant is written alike, so that one parser fits all", SchemaRules.class);
        // Examples
        rule("example", "a reader learns from examples first", SchemaRules.class);
        rule("invalid-example", "readers copy examples, and suites send them", SchemaRules.class);
        rule("pair", "each example of a response is what one request is answered with: examples are tests", ExampleRules.class);
        rule("violations", "an example of a 422 says what its request breaks, to the letter", ExampleRules.class);
        rule("x-as", "an example is sent by someone who exists", ExampleRules.class);
        rule("x-illustrative", "an example that no request can provoke says why", ExampleRules.class);
        rule("world", "the demo world is made of resources as the API shows them", ExampleRules.class);
        // Workflows
        rule("workflow", "a workflow runs, and becomes samples that can be pasted", Recipes.class);
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

    /** Whether there is a rule of this name. What cannot be read at all breaks none. */
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
