// SPDX-License-Identifier: Apache-2.0
package dev.phone.contract;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Lays out Markdown for a terminal: paragraphs and list items are wrapped, and tables have columns. A row of a table whose text does not fit
 * continues in the rows below it, with empty cells; a table that is too wide even so becomes a list. Code stays as it is.
 */
final class MarkdownText {
    static final int WIDTH = 80;
    /** Tables may be as wide as the widest samples of code. */
    private static final int TABLE_WIDTH = 104;

    private static final Pattern ITEM = Pattern.compile("( *)([-*]|[0-9]{1,3}\\.) +(.*)");
    /** What would begin a list, a quotation, a heading or a table at the beginning of a line. */
    private static final Pattern MARKER = Pattern.compile("[-+*>|=]+|#{1,6}|[0-9]{1,9}[.)]");
    /** A piece without a space in it, or with a short piece of code that stays together. */
    private static final Pattern WORD = Pattern.compile("(?:`[^`]{1,88}`|[^\\s`]|`)+");
    private static final Pattern CELLS = Pattern.compile("(?<!\\\\)\\|");
    private static final Pattern BREAK = Pattern.compile("<br */?>");

    private MarkdownText() {
    }

    /** The text with each of its blocks laid out, and a blank line between any two. */
    static String flow(String markdown) {
        List<String> blocks = new ArrayList<>();
        List<String> lines = markdown.strip().lines().toList();
        for (int i = 0; i < lines.size();) {
            int end = end(lines, i);
            List<String> block = lines.subList(i, end);
            String first = lines.get(i);
            if (!first.isBlank()) {
                blocks.add(first.startsWith("```") ? String.join("\n", block) : first.startsWith("|") ? table(block)
                        : ITEM.matcher(first).matches() ? list(block) : wrapped(String.join(" ", block), "", ""));
            }
            i = end;
        }
        return String.join("\n\n", blocks);
    }

    /** The end of the block that begins at a line. */
    private static int end(List<String> lines, int start) {
        String first = lines.get(start);
        if (first.isBlank()) {
            return start + 1;
        }
        boolean code = first.startsWith("```");
        boolean table = first.startsWith("|");
        for (int i = start + 1; i < lines.size(); i++) {
            String line = lines.get(i);
            if (code && line.equals("```")) {
                return i + 1;
            }
            if (!code && (line.isBlank() || line.startsWith("```") || table != line.startsWith("|"))) {
                return i;
            }
        }
        return lines.size();
    }

    private static String list(List<String> lines) {
        List<String> items = new ArrayList<>();
        String indent = "";
        String marker = "";
        StringBuilder item = new StringBuilder();
        for (String line : lines) {
            Matcher begin = ITEM.matcher(line);
            if (begin.matches()) {
                if (!item.isEmpty()) {
                    items.add(wrapped(item.toString(), indent + marker + " ", indent + " ".repeat(marker.length() + 1)));
                }
                indent = begin.group(1);
                marker = begin.group(2);
                item.setLength(0);
                item.append(begin.group(3));
            } else {
                item.append(' ').append(line.strip());
            }
        }
        items.add(wrapped(item.toString(), indent + marker + " ", indent + " ".repeat(marker.length() + 1)));
        return String.join("\n", items);
    }

    private static String wrapped(String text, String first, String others) {
        return first + String.join("\n" + others, lines(text, WIDTH - first.length()));
    }

    private static List<String> lines(String text, int width) {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        for (String word : words(text)) {
            if (!line.isEmpty() && line.length() + 1 + word.length() > width) {
                lines.add(line.toString());
                line.setLength(0);
            }
            line.append(line.isEmpty() ? "" : " ").append(word);
        }
        lines.add(line.toString());
        return lines;
    }

    /** What may stand alone on a line. */
    private static List<String> words(String text) {
        List<String> words = new ArrayList<>();
        Matcher word = WORD.matcher(text);
        while (word.find()) {
            if (!words.isEmpty() && MARKER.matcher(word.group()).matches()) {
                words.set(words.size() - 1, words.getLast() + " " + word.group());
            } else {
                words.add(word.group());
            }
        }
        return words;
    }

    private static String table(List<String> lines) {
        List<List<String>> rows = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            if (i != 1) {
                String line = lines.get(i).strip();
                rows.add(Arrays.stream(CELLS.split(line.substring(1, line.length() - 1), -1)).map(String::strip).toList());
            }
        }
        int columns = rows.getFirst().size();
        int[] widths = widths(rows, columns);
        if (widths == null) {
            return asList(rows);
        }
        List<String> laidOut = new ArrayList<>(rows.stream().map(row -> row(row, widths)).toList());
        laidOut.add(1, Arrays.stream(widths).mapToObj(width -> "-".repeat(width + 2)).collect(Collectors.joining("|", "|", "|")));
        return String.join("\n", laidOut);
    }

    /** The columns as wide as their text, or narrowed so that they fit; null if they cannot. */
    private static int[] widths(List<List<String>> rows, int columns) {
        int[] most = new int[columns];
        int[] least = new int[columns];
        for (int c = 0; c < columns; c++) {
            int column = c;
            most[c] = Math.max(3, rows.stream().flatMap(row -> BREAK.splitAsStream(row.get(column))).mapToInt(String::length).max().orElse(0));
            least[c] = Math.max(3, rows.stream().flatMap(row -> BREAK.splitAsStream(row.get(column))).flatMap(cell -> words(cell).stream())
                    .mapToInt(String::length).max().orElse(0));
        }
        int frame = 3 * columns + 1;
        if (IntStream.of(least).sum() + frame > TABLE_WIDTH) {
            return null;
        }
        int room = Math.max(WIDTH - frame, IntStream.of(least).sum());
        // The widest column gives way first.
        while (IntStream.of(most).sum() > room) {
            int widest = IntStream.range(0, columns).filter(c -> most[c] > least[c]).reduce((a, b) -> most[b] > most[a] ? b : a).orElseThrow();
            most[widest]--;
        }
        return most;
    }

    private static String row(List<String> row, int[] widths) {
        List<List<String>> cells = IntStream.range(0, widths.length)
                .mapToObj(c -> BREAK.splitAsStream(row.get(c)).flatMap(part -> lines(part, widths[c]).stream()).toList()).toList();
        int height = cells.stream().mapToInt(List::size).max().orElse(1);
        return IntStream.range(0, height).mapToObj(line -> IntStream.range(0, widths.length)
                .mapToObj(c -> " " + padded(line < cells.get(c).size() ? cells.get(c).get(line) : "", widths[c]) + " ")
                .collect(Collectors.joining("|", "|", "|"))).collect(Collectors.joining("\n"));
    }

    private static String padded(String text, int width) {
        return text + " ".repeat(width - text.length());
    }

    private static String asList(List<List<String>> rows) {
        List<String> titles = rows.getFirst();
        return rows.stream().skip(1).map(row -> wrapped(IntStream.range(0, row.size()).filter(c -> !row.get(c).isEmpty())
                .mapToObj(c -> (c == 0 || titles.get(c).isEmpty() ? "" : titles.get(c) + ": ") + BREAK.matcher(row.get(c)).replaceAll(", "))
                .collect(Collectors.joining("; ")), "- ", "  ")).collect(Collectors.joining("\n"));
    }
}
