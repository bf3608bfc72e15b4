// SPDX-License-Identifier: Apache-2.0
package dev.phone.contracttests.contract;

import dev.phone.api.Operation;
import dev.phone.contract.Contract;
import dev.phone.contract.Example;
import jakarta.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The contract from the jar, read directly without generated code. */
public final class TheContract {
    public static final Contract CONTRACT = read();
    public static final List<Example> EXAMPLES = Example.of(CONTRACT);

    private static final Set<String> NOT_BUILT = lines("not-built.txt");

    private TheContract() {
    }

    /** The lines of a hand-written list, without comments. */
    public static Set<String> lines(String resource) {
        try (var in = TheContract.class.getResourceAsStream("/" + resource)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().map(String::strip)
                    .filter(line -> !line.isEmpty() && !line.startsWith("#")).collect(Collectors.toUnmodifiableSet());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether the server implements this operation; if not, it answers 501. */
    public static boolean isBuilt(Operation operation) {
        return !NOT_BUILT.contains(operation.id());
    }

    private static Contract read() {
        try (var reader = Json.createReader(TheContract.class.getResourceAsStream("/openapi.json"))) {
            return Contract.of(reader.readObject());
        }
    }

    public static Operation operation(String id) {
        return CONTRACT.operations().stream().filter(operation -> operation.id().equals(id)).findFirst().orElseThrow();
    }

    /** The operation of a request; null if there is none. A literal path takes precedence over a template. */
    public static Operation operation(String method, String path) {
        return CONTRACT.operations().stream()
                .filter(operation -> operation.method().equals(method) && matches(operation.path(), path))
                .min(Comparator.comparingInt(operation -> operation.path().contains("{") ? 1 : 0)).orElse(null);
    }

    private static boolean matches(String template, String path) {
        return Pattern.matches(template.replaceAll("\\{[^/]+}", "[^/]+"), path);
    }
}
