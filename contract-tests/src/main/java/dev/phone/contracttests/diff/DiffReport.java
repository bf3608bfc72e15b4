// SPDX-License-Identifier: Apache-2.0
package dev.phone.contracttests.diff;

import dev.phone.contracttests.diff.Change.Kind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The differences between two contracts as an HTML page, and as Markdown for a pull request.
 *
 * <p>openapi-diff has renderers, too, but they show neither what it misses nor old and new values side by side.
 */
final class DiffReport {
    private static final Map<Kind, String> HEADINGS = new LinkedHashMap<>();

    static {
        HEADINGS.put(Kind.BREAKING, "Breaking");
        HEADINGS.put(Kind.DEPRECATED, "Deprecated");
        HEADINGS.put(Kind.NEW, "New");
        HEADINGS.put(Kind.CHANGED, "Changed");
    }

    private final String base;
    private final String now;
    private final Map<String, List<Change>> operations = new LinkedHashMap<>();
    private final Map<Kind, Long> counts;

    /**
     * @param base the name of the older contract
     * @param now the name of the newer contract
     */
    DiffReport(String base, String now, List<Change> changes) {
        this.base = base;
        this.now = now;
        changes.forEach(change -> operations.computeIfAbsent(change.operation(), id -> new ArrayList<>()).add(change));
        this.counts = changes.stream().collect(Collectors.groupingBy(Change::kind, Collectors.counting()));
    }

    String summary() {
        return operations.isEmpty() ? "nothing changed"
                : HEADINGS.entrySet().stream().filter(heading -> counts.containsKey(heading.getKey()))
                        .map(heading -> counts.get(heading.getKey()) + " " + heading.getValue().toLowerCase(Locale.ROOT))
                        .collect(Collectors.joining(", ")) + " in " + operations.size() + (operations.size() == 1 ? " operation" : " operations");
    }

    String markdown() {
        StringBuilder text = new StringBuilder("# Contract: ").append(base).append(" → ").append(now).append("\n\n").append(summary()).append("\n");
        List<Change> all = operations.values().stream().flatMap(List::stream).toList();
        for (Map.Entry<Kind, String> heading : HEADINGS.entrySet()) {
            List<Change> changes = all.stream().filter(change -> change.kind() == heading.getKey()).toList();
            if (!changes.isEmpty()) {
                text.append("\n## ").append(heading.getValue()).append("\n\n").append("| operation | where | what | before | now |\n|---|---|---|---|---|\n");
                changes.forEach(change -> text.append("| ").append(code(name(change.operation()))).append(" | ").append(code(change.where()))
                        .append(" | ").append(what(change)).append(" | ").append(code(change.before())).append(" | ").append(code(change.after()))
                        .append(" |\n"));
            }
        }
        return text.toString();
    }

    private static String name(String operation) {
        return operation.isEmpty() ? "every operation" : operation;
    }

    /** The change in a word or two; the values have their own columns. */
    private static String what(Change change) {
        return change.before() == null ? label(change) + " is new" : change.after() == null ? label(change) + " is gone" : label(change);
    }

    private static String label(Change change) {
        return change.keyword().isEmpty() ? change.before() == null || change.after() == null ? "it" : "required" : change.keyword()
                .startsWith(OperationConstraints.ENUM_VALUE) || change.keyword().startsWith(OperationConstraints.CLOSED_ENUM_VALUE)
                ? "enum value" : change.keyword();
    }

    private static String code(String text) {
        // A vertical bar ends the cell, even inside code.
        return text == null || text.isEmpty() ? "" : "`` " + text.replace("|", "\\|").replace("\n", " ") + " ``";
    }

    String html() {
        StringBuilder body = new StringBuilder();
        body.append("<h1>Contract: <span>").append(escape(base)).append("</span> → <span>").append(escape(now)).append("</span></h1>\n<p>")
                .append(escape(summary())).append("</p>\n");
        if (!operations.isEmpty()) {
            body.append("<nav>").append(operations.keySet().stream().map(id -> "<a href=\"#" + escape(name(id).replace(' ', '-')) + "\" class=\""
                    + worst(operations.get(id)) + "\">" + escape(name(id)) + "</a>").collect(Collectors.joining(" "))).append("</nav>\n");
        }
        operations.forEach((id, changes) -> {
            body.append("<section id=\"").append(escape(name(id).replace(' ', '-'))).append("\"><h2>").append(escape(name(id)))
                    .append("</h2>\n<table><tr><th></th><th>where</th><th>what</th><th>before</th><th>now</th></tr>\n");
            HEADINGS.forEach((kind, heading) -> changes.stream().filter(change -> change.kind() == kind).forEach(change -> body
                    .append("<tr class=\"").append(css(kind)).append("\"><td>").append(heading).append("</td><td><code>")
                    .append(escape(change.where())).append("</code>").append(change.subject().isEmpty() ? "" : " <small>" + escape(change.subject())
                            + "</small>").append("</td><td>").append(escape(what(change))).append("</td><td class=\"before\">")
                    .append(escape(change.before())).append("</td><td class=\"after\">").append(escape(change.after())).append("</td></tr>\n")));
            body.append("</table></section>\n");
        });
        return """
                <!doctype html>
                <html lang="en">
                <meta charset="utf-8">
                <meta name="viewport" content="width=device-width">
                <title>Contract: %s → %s</title>
                <style>
                :root { color-scheme: light dark; --line: light-dark(#ddd, #444); --breaking: light-dark(#b3261e, #ff8a80);
                  --deprecated: light-dark(#8a5a00, #ffc65c); --new: light-dark(#1b6e3c, #7ddc9b); --changed: light-dark(#555, #aaa); }
                body { font: 15px/1.45 system-ui, sans-serif; max-width: 75rem; margin: 2rem auto; padding: 0 1rem; }
                h1 { font-size: 1.5rem; } h2 { font-size: 1.1rem; margin: 2rem 0 .5rem; }
                nav { display: flex; flex-wrap: wrap; gap: .25rem .75rem; }
                table { border-collapse: collapse; width: 100%%; }
                th, td { text-align: left; vertical-align: top; padding: .35rem .6rem; border-bottom: 1px solid var(--line); overflow-wrap: anywhere; }
                th { font-weight: 600; } small { opacity: .7; } code, .before, .after { font-family: ui-monospace, monospace; font-size: .9em; }
                td:first-child { width: 6.5rem; font-weight: 600; } td:nth-child(n+4) { width: 24%%; }
                .breaking td:first-child, a.breaking { color: var(--breaking); } .deprecated td:first-child, a.deprecated { color: var(--deprecated); }
                .new td:first-child, a.new { color: var(--new); } .changed td:first-child, a.changed { color: var(--changed); }
                </style>
                %s</html>
                """.formatted(escape(base), escape(now), body);
    }

    private static String worst(List<Change> changes) {
        return css(changes.stream().map(Change::kind).min(Kind::compareTo).orElse(Kind.CHANGED));
    }

    private static String css(Kind kind) {
        return kind.name().toLowerCase(Locale.ROOT);
    }

    private static String escape(String text) {
        return text == null ? "" : text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\"", "&quot;");
    }
}
