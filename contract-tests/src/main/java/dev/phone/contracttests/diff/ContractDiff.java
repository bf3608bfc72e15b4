// SPDX-License-Identifier: Apache-2.0
package dev.phone.contracttests.diff;

import dev.phone.contracttests.contract.Oracle;
import dev.phone.contracttests.diff.Change.Kind;
import dev.phone.contracttests.diff.Constraint.Side;
import jakarta.json.JsonObject;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.openapitools.openapidiff.core.OpenApiCompare;
import org.openapitools.openapidiff.core.compare.OpenApiDiffOptions;
import org.openapitools.openapidiff.core.model.BackwardIncompatibleProp;
import org.openapitools.openapidiff.core.model.ChangedOpenApi;
import org.openapitools.openapidiff.core.model.ChangedOperation;
import org.openapitools.openapidiff.core.model.Endpoint;

/**
 * The changes between two contracts, and which of them break clients of the older one.
 *
 * <p>Contracts are compared twice. openapi-diff knows many rules, but neither all of OpenAPI 3.1 nor our extensions;
 * {@code ContractDiffTest} shows what it misses. So this class also compares the constraints of both contracts, and describes
 * the differences. Objections that only openapi-diff has are reported by operation.
 */
public final class ContractDiff {
    private static final Set<String> UPPER = Set.of("maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties");
    private static final Set<String> LOWER = Set.of("minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties");
    private static final Set<String> PROSE = Set.of("summary", "description");

    private final List<Change> changes = new ArrayList<>();

    private ContractDiff() {
    }

    /** The changes by operation, in the order of the newer contract; removed operations come last. */
    public static List<Change> between(JsonObject older, JsonObject newer) {
        List<Change> changes = compare(older, newer);
        Set<String> broken = changes.stream().filter(Change::isBreaking).map(Change::operation).collect(Collectors.toSet());
        if (!broken.contains("")) {
            objections(older, newer).stream().filter(operation -> !broken.contains(operation)).forEach(operation ->
                    changes.add(new Change(Kind.BREAKING, operation, "", "", "openapi-diff", "compatible", "not compatible")));
        }
        return changes;
    }

    /** The changes that our own comparison finds. */
    static List<Change> compare(JsonObject older, JsonObject newer) {
        ContractDiff diff = new ContractDiff();
        diff.compare(OperationConstraints.of(older), OperationConstraints.of(newer));
        return diff.changes;
    }

    /** The operations that are removed or incompatible according to openapi-diff. */
    static Set<String> objections(JsonObject older, JsonObject newer) {
        // Response enums may grow within a major version, and clients may still send credentials that are no longer required. A changed pattern
        // breaks either requests or responses, which openapi-diff does not distinguish.
        ChangedOpenApi changed = Oracle.parsingAlone(() -> OpenApiCompare.fromContents(older.toString(), newer.toString(), null, OpenApiDiffOptions.builder()
                .configProperty(BackwardIncompatibleProp.RESPONSE_ENUM_INCREASED.getPropertyName(), "false")
                .configProperty(BackwardIncompatibleProp.SECURITY_REQUIREMENTS_DECREASED.getPropertyName(), "false")
                .configProperty(BackwardIncompatibleProp.SCHEMA_PATTERN_CHANGED.getPropertyName(), "false").build()));
        Set<String> operations = new LinkedHashSet<>();
        changed.getMissingEndpoints().stream().map(Endpoint::getOperation).forEach(operation -> operations.add(operation.getOperationId()));
        changed.getChangedOperations().stream().filter(ChangedOperation::isIncompatible)
                .forEach(operation -> operations.add(operation.getNewOperation().getOperationId()));
        return operations;
    }

    private void compare(Map<String, Map<String, Constraint>> older, Map<String, Map<String, Constraint>> newer) {
        Map<String, String> oldNames = renamed(older, newer);
        newer.forEach((id, constraints) -> {
            String oldName = oldNames.getOrDefault(id, id);
            if (!older.containsKey(oldName)) {
                changes.add(new Change(Kind.NEW, id, "", "", "operation", null, path(constraints)));
                return;
            }
            if (!oldName.equals(id)) {
                // Generated clients name their methods after it.
                changes.add(new Change(Kind.BREAKING, id, "", "", "operationId", oldName, id));
            }
            compare(id, older.get(oldName), constraints);
        });
        older.forEach((id, constraints) -> {
            if (!newer.containsKey(id) && !oldNames.containsValue(id)) {
                changes.add(new Change(Kind.BREAKING, id, "", "", "operation", path(constraints), null));
            }
        });
    }

    /** Renamed operations: new ID to old ID, by the same method and path. */
    private static Map<String, String> renamed(Map<String, Map<String, Constraint>> older, Map<String, Map<String, Constraint>> newer) {
        Map<String, String> oldNames = new LinkedHashMap<>();
        newer.forEach((id, constraints) -> {
            if (!older.containsKey(id)) {
                older.forEach((old, before) -> {
                    if (!newer.containsKey(old) && path(before).equals(path(constraints))) {
                        oldNames.put(id, old);
                    }
                });
            }
        });
        return oldNames;
    }

    private static String path(Map<String, Constraint> operation) {
        return operation.values().stream().filter(constraint -> constraint.keyword().equals("path")).map(Constraint::value)
                .findFirst().orElse("");
    }

    private void compare(String id, Map<String, Constraint> older, Map<String, Constraint> newer) {
        List<Constraint> reported = new ArrayList<>();
        Set<String> keys = new LinkedHashSet<>(newer.keySet());
        keys.addAll(older.keySet());
        for (String key : keys) {
            Constraint before = older.get(key);
            Constraint after = newer.get(key);
            Constraint either = after == null ? before : after;
            if (before != null && after != null && before.value().equals(after.value())
                    || reported.stream().anyMatch(either::isInside)) {
                continue;
            }
            String was = before == null ? null : before.value();
            String is = after == null ? null : after.value();
            if (either.isPart() && (was == null || is == null)) {
                reported.add(either);
            } else if (either.keyword().equals("enum")) {
                // The whole enum was added or removed; do not report its values.
                keys.stream().map(other -> newer.getOrDefault(other, older.get(other))).filter(other -> other.where().equals(either.where())
                        && other.path().equals(either.path()) && other.keyword().contains("enum value ")).forEach(reported::add);
            }
            if (reported.contains(either) && !either.isPart()) {
                continue;
            }
            changes.add(new Change(kind(either, was, is), id, (either.where() + " " + either.path()).strip(), either.subject(),
                    either.keyword(), was, is));
        }
    }

    private static Kind kind(Constraint constraint, String before, String after) {
        return breaks(constraint, before, after) ? Kind.BREAKING
                : constraint.keyword().equals("deprecated") && "true".equals(after) ? Kind.DEPRECATED
                : before == null ? Kind.NEW : Kind.CHANGED;
    }

    private static boolean breaks(Constraint constraint, String before, String after) {
        String keyword = constraint.keyword();
        return switch (constraint.side()) {
            case OPERATION -> switch (keyword) {
                case "security" -> !waysOf(before).stream().allMatch(old -> waysOf(after).stream().anyMatch(old::containsAll));
                case "limit" -> isStricter(before, after);
                case "summary", "description", "deprecated" -> false;
                default -> before != null;
            };
            case REQUEST -> isPart(constraint) ? after == null || after.equals(Constraint.REQUIRED)
                    : keyword.equals("default") || !PROSE.contains(keyword) && !isWider(keyword, before, after);
            case RESPONSE -> isPart(constraint) ? after == null || Constraint.REQUIRED.equals(before)
                    // Response objects and enums may grow within a major version.
                    : !keyword.equals("additionalProperties") && !keyword.equals("default")
                            && !keyword.startsWith(OperationConstraints.ENUM_VALUE) && !isNarrower(keyword, before, after);
        };
    }

    /** Array items, and names in a map, are not a part that a caller could leave out; a schema for them is a constraint like any other. */
    private static boolean isPart(Constraint constraint) {
        return constraint.isPart() && !constraint.path().endsWith("/*") && !constraint.path().endsWith("/{name}");
    }

    private static boolean isWider(String keyword, String before, String after) {
        return isNarrower(keyword, after, before);
    }

    /** Whether {@code before} allows everything that {@code after} allows. */
    private static boolean isNarrower(String keyword, String before, String after) {
        if (keyword.contains("enum value ")) {
            return after == null;
        }
        if (keyword.startsWith("x-") && !keyword.equals("x-statuses") || before == null) {
            return true;
        }
        if (after == null) {
            return false;
        }
        if (UPPER.contains(keyword)) {
            return new BigDecimal(after).compareTo(new BigDecimal(before)) <= 0;
        }
        if (LOWER.contains(keyword)) {
            return new BigDecimal(after).compareTo(new BigDecimal(before)) >= 0;
        }
        return switch (keyword) {
            case "type" -> Set.of(before.split(" or ")).containsAll(Set.of(after.split(" or ")));
            case "uniqueItems" -> after.equals("true");
            case "additionalProperties" -> after.equals("false");
            // Patterns and formats cannot be compared.
            default -> false;
        };
    }

    private static List<Set<String>> waysOf(String security) {
        return security.equals("none") ? List.of(Set.of()) : Arrays.stream(security.split(" or "))
                .map(way -> (Set<String>) new HashSet<>(List.of(way.split(" and ")))).toList();
    }

    /** Whether {@code after} refuses a client that respects {@code before}. */
    private static boolean isStricter(String before, String after) {
        if (after == null) {
            return false;
        }
        if (before == null) {
            return true;
        }
        String[] was = before.split(" ");
        String[] is = after.split(" ");
        return Integer.parseInt(is[0]) < Integer.parseInt(was[0]) || Integer.parseInt(is[2]) > Integer.parseInt(was[2])
                || !is[5].equals(was[5]);
    }
}
