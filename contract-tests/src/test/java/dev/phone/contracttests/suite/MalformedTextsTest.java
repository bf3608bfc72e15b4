// SPDX-License-Identifier: Apache-2.0
package dev.phone.contracttests.suite;

import static dev.phone.contracttests.gate.NamedTests.dynamicTest;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.phone.api.Operation;
import dev.phone.api.Operations;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Credentials, IDs, cursors and idempotency keys in more than a hundred wrong forms each: what is refused is refused by its own error, and never a 500. */
class MalformedTextsTest extends GeneratedSuite {
    private static final String WHY = "the guide \"Errors\": what is malformed has one of the documented errors";

    /** Wrong forms of a text, by what is wrong with them. */
    private static Map<String, String> forms(String valid) {
        Map<String, String> forms = new LinkedHashMap<>();
        int half = valid.length() / 2;
        for (int length = 1; length < valid.length(); length++) {
            forms.put("its first " + length + " characters", valid.substring(0, length));
        }
        for (int begin = 1; begin < valid.length(); begin++) {
            forms.put("without its first " + begin + " characters", valid.substring(begin));
        }
        for (String odd : List.of(" ", "\t", "\0", "\r", "\n", "\u007f", "\u0085", "\u00a0", "\u200b", "\u202e", "\ufeff", "\u0130", "\u0301", "\uff11", "\ud83d\ude00",
                "'", "\"", "`", "\\", "/", ";", ",", ":", "|", "<", ">", "(", "{", "[", "%", "%00", "%2f", "&", "=", "+", "#", "?", "!", "*", "~", "$", "@", "^", ".", "-", "_")) {
            forms.put(name(odd) + " before it", odd + valid);
            forms.put(name(odd) + " within", valid.substring(0, half) + odd + valid.substring(half));
            forms.put(name(odd) + " after it", valid + odd);
        }
        forms.put("twice", valid + valid);
        forms.put("a list", valid + "," + valid);
        forms.put("backwards", new StringBuilder(valid).reverse().toString());
        forms.put("in upper case", valid.toUpperCase(Locale.ROOT));
        forms.put("of 4,000 characters", valid + "0".repeat(4_000 - valid.length()));
        for (String other : List.of("null", "undefined", "true", "0", "-1", "1e999", "NaN", "{}", "[]", "*", "..", "../..", "' OR '1'='1", "${jndi:ldap://127.0.0.1/x}", "{{x}}",
                "%s%n", "e30", "eyJ9", "AAAA", "====")) {
            forms.put("\"" + other + "\"", other);
        }
        forms.values().removeIf(form -> form.strip().equals(valid));
        return forms;
    }

    private static String name(String odd) {
        return odd.length() == 1 && odd.charAt(0) > ' ' && odd.charAt(0) < 127 || odd.startsWith("%") ? odd : "U+%04X".formatted(odd.codePointAt(0));
    }

    /** Those that a header field can have; what is around it is no part of it. */
    private static Map<String, String> headerForms(String valid) {
        Map<String, String> forms = forms(valid);
        forms.values().removeIf(form -> !form.equals(form.strip()) || form.chars().anyMatch(c -> c < ' ' || c > '~'));
        return forms;
    }

    @Test
    void areMany() {
        assertTrue(headerForms("0123456789").size() > 100);
    }

    @TestFactory
    Stream<DynamicTest> credentials() {
        return Stream.of(Operations.LIST_PROJECTS, Operations.GET_OTP).flatMap(operation -> {
            Call valid = Call.valid(operation);
            return World.credentials(operation == Operations.GET_OTP ? "app" : "alice").entrySet().stream().map(credential ->
                    dynamicTest(operation.id() + ": " + credential.getKey(), () -> headerForms(credential.getValue()).forEach((what, form) ->
                            check(what, valid.header(credential.getKey(), form), isUser(form) ? success(operation) : Expected.error(401), WHY))));
        });
    }

    /** A shorter or longer name is another developer's. */
    private static boolean isUser(String form) {
        return form.matches("Bearer dev_[A-Za-z0-9_-]{1,64}");
    }

    @TestFactory
    Stream<DynamicTest> ids() {
        Map<String, Operation> byParameter = new TreeMap<>();
        operations().filter(operation -> operation.method().equals("GET") && isBuilt(operation)).forEach(operation -> Call.parameters(operation).stream()
                .filter(parameter -> parameter.getString("in").equals("path") && parameter.getString("name").endsWith("Id"))
                .forEach(parameter -> byParameter.putIfAbsent(parameter.getString("name"), operation)));
        return byParameter.entrySet().stream().map(entry -> dynamicTest(entry.getKey(), () -> {
            Call valid = Call.valid(entry.getValue());
            JsonObject parameter = Call.parameters(entry.getValue()).stream().filter(each -> each.getString("name").equals(entry.getKey())).findFirst().orElseThrow();
            forms(valid.path().get(entry.getKey())).forEach((what, form) -> check(what, valid.path(entry.getKey(), form),
                    Expected.error(isAllowed(parameter, form) ? 404 : 422), WHY));
        }));
    }

    @TestFactory
    Stream<DynamicTest> cursors() {
        return operations().filter(operation -> operation.method().equals("GET") && isBuilt(operation)
                && Call.parameters(operation).stream().anyMatch(parameter -> parameter.getString("name").equals("cursor"))).map(operation -> dynamicTest(operation.id(), () -> {
                    Call valid = Call.valid(operation);
                    forms("eyJ2IjoxLCJrIjoiMDEifQ").forEach((what, form) -> check(what, valid.query("cursor", form), Expected.error(422), WHY));
                }));
    }

    @Test
    void idempotencyKeys() {
        Operation operation = Operations.CREATE_PROJECT;
        Call valid = Call.valid(operation);
        JsonObject parameter = Call.parameters(operation).stream().filter(each -> each.getString("name").equalsIgnoreCase(Operation.IDEMPOTENCY_KEY)).findFirst().orElseThrow();
        headerForms("3f1c9a52-6d0e-4b7f-9a55-0c2d9be0a7e1").forEach((what, form) -> {
            forget();
            check(what, valid.header(Operation.IDEMPOTENCY_KEY, form), isAllowed(parameter, form) ? success(operation) : Expected.error(422), WHY);
        });
    }

    private static boolean isAllowed(JsonObject parameter, String form) {
        return Keywords.broken(parameter.getJsonObject("schema"), Json.createValue(form), "").isEmpty();
    }
}
