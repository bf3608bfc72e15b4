// SPDX-License-Identifier: Apache-2.0
package dev.phone.contract;

import dev.phone.api.Operation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The table of all operations, in a file under version control: a review shows each change of authentication, limit or statuses as a line of this
 * table.
 */
final class GoldenTable {

    private GoldenTable() {
    }

    static String of(Contract contract) {
        List<String[]> rows = new ArrayList<>();
        rows.add(new String[] {"operation", "method", "path", "auth", "limit", "statuses"});
        for (Operation operation : contract.operations()) {
            Operation.RateLimit limit = operation.rateLimit();
            rows.add(new String[] {operation.id(), operation.method(), operation.path(), word(operation.auth()),
                limit == null ? "-" : limit.limit() + " in " + limit.window() + " s by " + word(limit.key()),
                operation.statuses().stream().sorted().map(String::valueOf).collect(Collectors.joining(" "))});
        }
        int[] widths = new int[rows.getFirst().length];
        rows.forEach(row -> Arrays.setAll(widths, i -> Math.max(widths[i], row[i].length())));
        StringBuilder table = new StringBuilder();
        for (String[] row : rows) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < row.length; i++) {
                line.append(row[i]).repeat(' ', widths[i] - row[i].length() + 2);
            }
            table.append(line.toString().stripTrailing()).append('\n');
        }
        return table.toString();
    }

    private static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    /** The removed and the added lines, ignoring changes of column width. */
    static String difference(String was, String is) {
        Set<String> before = was.lines().map(GoldenTable::narrow).collect(Collectors.toSet());
        Set<String> after = is.lines().map(GoldenTable::narrow).collect(Collectors.toSet());
        StringBuilder difference = new StringBuilder();
        was.lines().filter(line -> !after.contains(narrow(line))).forEach(line -> difference.append("- ").append(line).append('\n'));
        is.lines().filter(line -> !before.contains(narrow(line))).forEach(line -> difference.append("+ ").append(line).append('\n'));
        return difference.isEmpty() ? "the lines are the same, but not their order or spacing\n" : difference.toString();
    }

    private static String narrow(String line) {
        return line.replaceAll(" {2,}", "  ");
    }
}
