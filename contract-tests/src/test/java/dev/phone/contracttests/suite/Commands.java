// SPDX-License-Identifier: Apache-2.0
package dev.phone.contracttests.suite;

import dev.phone.contracttests.target.ApiProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Lines that a page tells its readers to paste into a shell: a block of code, or a command in a sentence.
 *
 * @param page the file, from the root
 * @param answer what the page shows below them; empty if nothing
 */
record Commands(Path page, String lines, String answer) {
    private static final Pattern BLOCK = Pattern.compile("^```sh\n(.*?)^```\n(?:\n```json\n(.*?)^```)?", Pattern.MULTILINE | Pattern.DOTALL);
    private static final Pattern INLINE = Pattern.compile("`((?:mvn|npm|npx|java|curl|tar) [^`]+)`");
    private static final Pattern NOT_OURS = Pattern.compile("(.*/)?(target|node_modules|generated)/.*");

    /** The commands of all pages. */
    static List<Commands> all() throws IOException {
        Path root = ApiProcess.ROOT.toAbsolutePath().normalize();
        List<Commands> all = new ArrayList<>();
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file : files.map(root::relativize).filter(file -> file.toString().endsWith(".md") && !NOT_OURS.matcher(file.toString()).matches()).sorted().toList()) {
                all.addAll(of(file));
            }
        }
        return all;
    }

    static List<Commands> of(Path page) throws IOException {
        String text = Files.readString(ApiProcess.ROOT.resolve(page));
        List<Commands> found = new ArrayList<>();
        for (Matcher block = BLOCK.matcher(text); block.find();) {
            found.add(new Commands(page, block.group(1), block.group(2) == null ? "" : block.group(2)));
        }
        for (Matcher inline = INLINE.matcher(text); inline.find();) {
            // A page shows a line that is broken in its source as one.
            found.add(new Commands(page, inline.group(1).replace('\n', ' ') + "\n", ""));
        }
        return found;
    }

    @Override
    public String toString() {
        return page + ": " + lines.lines().findFirst().orElse("");
    }
}
