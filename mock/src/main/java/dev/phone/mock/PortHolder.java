// SPDX-License-Identifier: Apache-2.0
package dev.phone.mock;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Finds the process that listens on a port of this machine. Works on Linux only, and only for processes that this user may inspect. */
final class PortHolder {
    private static final Path PROC = Path.of("/proc");
    private static final String LISTENS = "0A";

    private PortHolder() {
    }

    /** The process, such as {@code java -jar phone-mock.jar (process 4711)}; empty if it cannot be found. */
    static Optional<String> of(int port) {
        try {
            Set<String> sockets = sockets(port);
            return sockets.isEmpty() ? Optional.empty() : holder(sockets);
        } catch (IOException | RuntimeException e) {
            return Optional.empty();
        }
    }

    /** A port's listening sockets, as links in {@code /proc/<pid>/fd} name them. */
    private static Set<String> sockets(int port) throws IOException {
        Set<String> sockets = new HashSet<>();
        String address = String.format(Locale.ROOT, ":%04X", port);
        for (String table : List.of("net/tcp", "net/tcp6")) {
            try (Stream<String> rows = Files.lines(PROC.resolve(table))) {
                // sl, local address, remote address, state, queues, timer, retransmissions, user, timeout, inode
                rows.map(row -> row.strip().split("\\s+")).filter(row -> row.length > 9 && row[1].endsWith(address) && row[3].equals(LISTENS))
                        .forEach(row -> sockets.add("socket:[" + row[9] + "]"));
            }
        }
        return sockets;
    }

    private static Optional<String> holder(Set<String> sockets) throws IOException {
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROC, "[0-9]*")) {
            for (Path process : processes) {
                if (holds(process.resolve("fd"), sockets)) {
                    String command = Files.readString(process.resolve("cmdline")).replace('\0', ' ').strip().replaceFirst("^\\S*/", "");
                    return Optional.of((command.length() > 60 ? command.substring(0, 60) + "…" : command) + " (process " + process.getFileName() + ")");
                }
            }
        }
        return Optional.empty();
    }

    private static boolean holds(Path files, Set<String> sockets) {
        try (Stream<Path> all = Files.list(files)) {
            return all.anyMatch(file -> sockets.contains(link(file)));
        } catch (IOException e) {
            // Another user's process, or one that has just ended.
            return false;
        }
    }

    private static String link(Path file) {
        try {
            return Files.readSymbolicLink(file).toString();
        } catch (IOException e) {
            return "";
        }
    }
}
