// SPDX-License-Identifier: Apache-2.0
package dev.phone.contracttests.pact;

import au.com.dius.pact.core.model.Interaction;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/** Prints verdicts as they come in, and a summary. */
public final class Table {
    private final PrintStream out;
    private final UnaryOperator<String> redacted;
    private final Map<Verdict.Kind, Integer> counts = new EnumMap<>(Verdict.Kind.class);
    private int problems;
    private int pending;

    /** @param redacted removes secrets from a line */
    public Table(PrintStream out, UnaryOperator<String> redacted) {
        this.out = out;
        this.redacted = redacted;
    }

    public void line(String text) {
        out.println(redacted.apply(text));
    }

    /** Reads the pacts of a file or folder. Reports each one that cannot be read and counts it as an error. */
    public List<LoadedPact> read(Path place) {
        List<LoadedPact> pacts = new ArrayList<>();
        for (Path file : LoadedPact.files(place)) {
            String name = Files.isDirectory(place) ? place.relativize(file).toString() : file.getFileName().toString();
            try {
                pacts.add(LoadedPact.read(file, name));
            } catch (PactProblem e) {
                problems++;
                line("ERROR " + name + " " + e.getMessage());
            }
        }
        return pacts;
    }

    /** Verifies every interaction of a pact on every target. */
    public Map<Interaction, Map<String, Verdict>> verify(PactRun run, LoadedPact pact) {
        line(pact.name() + ": " + pact.pact().getConsumer().getName() + (pact.pending() ? " (pending: it may differ)" : ""));
        Map<Interaction, Map<String, Verdict>> verdicts = new LinkedHashMap<>();
        for (Interaction interaction : pact.pact().getInteractions()) {
            String states = interaction.getProviderStates().stream().map(state -> state.getName()).filter(name -> !name.isBlank())
                    .collect(Collectors.joining(", "));
            boolean mayFail = pact.pending() || interaction.asV4Interaction().getPending();
            verdicts.put(interaction, row(interaction.getDescription() + (states.isEmpty() ? "" : " (" + states + ")"), run.targets(), mayFail,
                    target -> run.verify(target, interaction)));
        }
        return verdicts;
    }

    /** One check on one target. */
    public void row(String title, String target, Verdict verdict) {
        row(title, List.of(target), false, name -> verdict);
    }

    private Map<String, Verdict> row(String title, Iterable<String> targets, boolean mayFail, Function<String, Verdict> verdicts) {
        line("  " + title);
        Map<String, Verdict> byTarget = new LinkedHashMap<>();
        for (String target : targets) {
            Verdict verdict = verdicts.apply(target);
            line(String.format("    %-6s  %s", target, verdict.kind().words));
            if (!verdict.details().isEmpty() && byTarget.containsValue(verdict)) {
                line("            the same");
            } else {
                verdict.details().forEach(detail -> line("            " + detail));
            }
            byTarget.put(target, verdict);
            counts.merge(verdict.kind(), 1, Integer::sum);
            if (mayFail && failed(verdict.kind())) {
                pending++;
            }
        }
        return byTarget;
    }

    private static boolean failed(Verdict.Kind kind) {
        return kind != Verdict.Kind.HOLDS && kind != Verdict.Kind.NOT_BUILT && kind != Verdict.Kind.NOT_TRIED;
    }

    /** Whether anything failed that is not pending. */
    public boolean failed() {
        return problems - pending + counts.entrySet().stream().filter(each -> failed(each.getKey())).mapToInt(Map.Entry::getValue).sum() > 0;
    }

    /** Prints the counts. @param what what was verified, such as {@code 2 pacts} */
    public void summary(String what) {
        List<String> parts = new ArrayList<>();
        for (Verdict.Kind kind : Verdict.Kind.values()) {
            int count = counts.getOrDefault(kind, 0) + (kind == Verdict.Kind.ERROR ? problems : 0);
            if (count > 0) {
                parts.add(count + " " + kind.words);
            }
        }
        line("");
        line(what + ": " + String.join(", ", parts) + (pending == 0 ? "" : " (" + pending + " of them pending)"));
    }

    /** Prints advice about a kind of verdict, if it occurred. */
    public void advice(Verdict.Kind kind, String text) {
        if (counts.containsKey(kind)) {
            line(text);
        }
    }
}
